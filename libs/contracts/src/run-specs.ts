import { z } from 'zod'
import { onTheFlySchema } from './augmentations.ts'
import { contentHash } from './canonical-json.ts'
import { EMOTIONS } from './emotions.ts'
import {
  FEATURE_GROUPS,
  featureGroups,
  featureSpecSchema,
  type FeatureGroup,
  type FeatureSpec,
} from './feature-sets.ts'
import { nameSchema, textSchema } from './names.ts'
import { networkOptions, trainingOptions } from './training-options.ts'

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
  z.strictObject({ by: z.literal('speaker'), test: z.array(textSchema.min(1)).min(1) }),
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

/** One at least, and none twice. */
const groupsSchema = z
  .array(z.enum(FEATURE_GROUPS))
  .min(1)
  .refine((groups) => new Set(groups).size === groups.length, 'a feature group is named twice')

const layoutSchema = z.enum(['one-step', 'steps', 'frames'])

const networkFields = {
  epochs: z.int().min(1).max(10_000),
  batchSize: z.int().min(1).max(65_536),
  learningRate: z.number().positive().max(1),
  lstmUnits: z.array(z.int().min(1).max(2048)).min(1).max(4),
  denseUnits: z.int().min(1).max(2048),
  dropout: z.number().min(0).lt(1),
}

/** One of several networks of a model, whose probabilities are averaged. What it does not say is as the run spec says. */
export const memberSpecSchema = z.strictObject({
  featureSet: featureSpecSchema.exactOptional(),
  features: groupsSchema.exactOptional(),
  layout: layoutSchema.exactOptional(),
  epochs: networkFields.epochs.exactOptional(),
  batchSize: networkFields.batchSize.exactOptional(),
  learningRate: networkFields.learningRate.exactOptional(),
  lstmUnits: networkFields.lstmUnits.exactOptional(),
  denseUnits: networkFields.denseUnits.exactOptional(),
  dropout: networkFields.dropout.exactOptional(),
  ...networkOptions,
  /** What its probabilities weigh against those of the other members. */
  weight: z.number().positive().max(1000).default(1),
  /** So many networks of it, alike but for their seeds, share the weight. */
  networks: z.int().min(1).max(16).default(1),
})
export type MemberSpec = z.output<typeof memberSpecSchema>

const runSpecFields = z.strictObject({
  /** The name under which the version is registered. */
  model: nameSchema.default('paper'),
  datasets: z.array(nameSchema).min(1).max(32),
  featureSet: featureSpecSchema.prefault({}),
  /** The groups that the model sees; the paper's scenarios are in `SCENARIOS`. */
  features: groupsSchema.default([...SCENARIOS[2]]),
  /**
   * `one-step`: a sequence of one step with F values, [1, F]. `steps`: F steps of one value, [F, 1].
   * `frames`: as many steps of F values as the recording has frames, [T, F]; for features with pooling `frames`.
   */
  layout: layoutSchema.default('one-step'),
  split: splitSpecSchema.default({ by: 'clip', test: 0.25 }),
  /** Labels that are none of the seven and are yet to be trained on, by the emotion that they count as: `{ calm: 'neutral' }`. */
  relabel: z.record(textSchema.min(1).max(64), z.enum(EMOTIONS)).optional(),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  epochs: networkFields.epochs.default(50),
  batchSize: networkFields.batchSize.default(256),
  learningRate: networkFields.learningRate.default(0.001),
  lstmUnits: networkFields.lstmUnits.default([128, 128]),
  denseUnits: networkFields.denseUnits.default(32),
  dropout: networkFields.dropout.default(0.2),
  /** Several networks make one model: trained one after the other, evaluated together. */
  members: z.array(memberSpecSchema).min(1).max(8).optional(),
  onTheFly: onTheFlySchema.exactOptional(),
  ...trainingOptions,
})

/** Everything that decides the numbers of a run: the same spec on the same clips gives the same figures. */
export const runSpecSchema = runSpecFields.overwrite(nameGroups).superRefine((spec, context) => {
  for (const [path, error] of findMistakes(spec)) context.addIssue({ code: 'custom', path: [...path], message: error })
})
export type RunSpec = z.output<typeof runSpecSchema>
export type RunSpecInput = z.input<typeof runSpecSchema>

/** The identity of a run spec, 64 hexadecimal digits. */
export function runSpecHash(spec: RunSpec): string {
  return contentHash(spec)
}

/** Every group of the feature set, where nothing is said of groups: the default is that of librosa's features. */
function nameGroups<Spec extends { featureSet: FeatureSpec; features: FeatureGroup[] }>(spec: Spec): Spec {
  if (spec.featureSet.kind === undefined || spec.features.join() !== SCENARIOS[2].join()) return spec
  return { ...spec, features: featureGroups(spec.featureSet) }
}

function hasGroups({ featureSet, features }: { featureSet: FeatureSpec; features: FeatureGroup[] }): boolean {
  const groups = featureGroups(featureSet)
  return features.every((group) => groups.includes(group))
}

type Fields = z.output<typeof runSpecFields>
type Mistake = readonly [path: readonly (string | number)[], error: string]

function findMistakes({ members, ...spec }: Fields): Mistake[] {
  if (members === undefined) return findNetworkMistakes(spec)
  const rates = new Set(members.map(({ featureSet = spec.featureSet }) => featureSet.sampleRate))
  // A recording is resampled once, and noise of an SNR is mixed in at that rate.
  const ofRates: Mistake[] = rates.size > 1 ? [[['members'], 'need features of one sample rate']] : []
  const ofMembers = members.flatMap((member, index) =>
    findNetworkMistakes({ ...spec, ...member }).map(([path, error]): Mistake => [['members', index, ...path], error]),
  )
  return [...ofRates, ...ofMembers]
}

function findNetworkMistakes(network: Omit<Fields, 'members'>): Mistake[] {
  const { earlyStopping, validation, schedule, layout, convolutions, mixup, crop } = network
  const mistakes: Mistake[] = []
  if (!hasGroups(network)) mistakes.push([['features'], 'are not groups of the feature set'])
  if (earlyStopping !== undefined && validation === undefined) {
    mistakes.push([['earlyStopping'], 'needs a validation side'])
  }
  if (schedule?.kind === 'plateau' && validation === undefined) {
    mistakes.push([['schedule'], 'kind plateau needs a validation side'])
  }
  if (layout === 'one-step' && convolutions !== undefined) mistakes.push([['convolutions'], 'need more than one step'])
  if (layout === 'frames' && mixup !== undefined) mistakes.push([['mixup'], 'recordings of frames are not mixed'])
  if (layout !== 'frames' && crop !== undefined) mistakes.push([['crop'], 'is of frames'])
  return mistakes
}
