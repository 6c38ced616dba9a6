import { z } from 'zod'
import { contentHash } from './canonical-json.ts'
import { EMOTIONS } from './emotions.ts'
import { FEATURE_GROUPS, featureSpecSchema } from './feature-sets.ts'
import { nameSchema } from './names.ts'
import { trainingOptions } from './training-options.ts'

const folds = z.int().min(2).max(1000)
/** From 1 to `folds`. */
const fold = z.int().min(1)
const isOneOfTheFolds = (spec: { readonly folds: number; readonly fold: number }) => spec.fold <= spec.folds
const OUT_OF_FOLDS = { path: ['fold'], error: 'must not exceed folds' }

/** How clips are divided into training and test side. A variant always stays on the side of its parent. */
export const splitSpecSchema = z.discriminatedUnion('by', [
  /** At random by clip, stratified by nothing: the paper's. `test` is a count (>= 1) or a fraction (< 1). */
  z.strictObject({ by: z.literal('clip'), test: z.number().positive().default(0.25) }),
  /** All recordings of a word (sentence) on one side. */
  z.strictObject({ by: z.literal('word'), test: z.number().positive().default(0.25) }),
  /** The named speakers are the test side. */
  z.strictObject({ by: z.literal('speaker'), test: z.array(z.string().min(1)).min(1) }),
  /** The named datasets are the test side, the others the training side. */
  z.strictObject({ by: z.literal('dataset'), test: z.array(nameSchema).min(1).max(32) }),
  /** Of `folds` parts of the clips, drawn at random, one is the test side: each clip is tested on in one of the folds. */
  z.strictObject({ by: z.literal('clip-fold'), folds, fold }).refine(isOneOfTheFolds, OUT_OF_FOLDS),
  /** The same of the words (sentences). */
  z.strictObject({ by: z.literal('word-fold'), folds, fold }).refine(isOneOfTheFolds, OUT_OF_FOLDS),
  /** The same of the speakers; with as many folds as speakers, each speaker is left out once. */
  z.strictObject({ by: z.literal('speaker-fold'), folds, fold }).refine(isOneOfTheFolds, OUT_OF_FOLDS),
  /** The split column of the corpus' manifest. */
  z.strictObject({ by: z.literal('manifest') }),
])
export type SplitSpec = z.output<typeof splitSpecSchema>

export const SCENARIOS = {
  1: ['mel'],
  2: ['mel', 'mfcc', 'zcr', 'rms'],
  3: ['mel', 'mfcc', 'rms'],
} as const satisfies Record<number, readonly (typeof FEATURE_GROUPS)[number][]>

const runSpecFields = z.strictObject({
  /** The name under which the version is registered. */
  model: nameSchema.default('paper'),
  datasets: z.array(nameSchema).min(1).max(32),
  featureSet: featureSpecSchema.prefault({}),
  /** The groups that the model sees; the paper's scenarios are in `SCENARIOS`. */
  features: z
    .array(z.enum(FEATURE_GROUPS))
    .min(1)
    .refine((groups) => new Set(groups).size === groups.length, 'a feature group is named twice')
    .default([...SCENARIOS[2]]),
  /**
   * `one-step`: a sequence of one step with F values, [1, F]. `steps`: F steps of one value, [F, 1].
   * `frames`: as many steps of F values as the recording has frames, [T, F]; for features with pooling `frames`.
   */
  layout: z.enum(['one-step', 'steps', 'frames']).default('one-step'),
  split: splitSpecSchema.default({ by: 'clip', test: 0.25 }),
  /** Labels that are none of the seven and are yet to be trained on, by the emotion that they count as: `{ calm: 'neutral' }`. */
  relabel: z.record(z.string().min(1).max(64), z.enum(EMOTIONS)).optional(),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  epochs: z.int().min(1).max(10_000).default(50),
  batchSize: z.int().min(1).max(65_536).default(256),
  learningRate: z.number().positive().max(1).default(0.001),
  lstmUnits: z.array(z.int().min(1).max(2048)).min(1).max(4).default([128, 128]),
  denseUnits: z.int().min(1).max(2048).default(32),
  dropout: z.number().min(0).lt(1).default(0.2),
  ...trainingOptions,
})

/** Everything that decides the numbers of a run: the same spec on the same clips gives the same figures. */
export const runSpecSchema = runSpecFields
  .refine(({ earlyStopping, validation }) => earlyStopping === undefined || validation !== undefined, {
    path: ['earlyStopping'],
    error: 'needs a validation side',
  })
  .refine(({ schedule, validation }) => schedule?.kind !== 'plateau' || validation !== undefined, {
    path: ['schedule'],
    error: 'kind plateau needs a validation side',
  })
  .refine(({ layout, convolutions }) => layout !== 'one-step' || convolutions === undefined, {
    path: ['convolutions'],
    error: 'need more than one step',
  })
export type RunSpec = z.output<typeof runSpecSchema>
export type RunSpecInput = z.input<typeof runSpecSchema>

/** The identity of a run spec, 64 hexadecimal digits. */
export function runSpecHash(spec: RunSpec): string {
  return contentHash(spec)
}
