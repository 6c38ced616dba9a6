import { z } from 'zod'
import { EMOTIONS } from './emotions.ts'
import { nameSchema } from './names.ts'
import { aliasSchema, choiceReasonSchema } from './registry.ts'
import { problemSchema } from './resources.ts'

/** The bounds of one request for predictions, which clients must keep too. */
export const PREDICTION_LIMITS = {
  /** Recordings in one batch. */
  recordings: 64,
  /** Windows in one timeline. */
  windows: 20_000,
} as const

/** What a prediction may be asked for, as a query or as the fields of a form: numbers may be text. */
export const predictionOptionsSchema = z.strictObject({
  model: nameSchema.optional().describe('default: the model in use'),
  version: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .optional()
    .describe('a version of that model; default: the one that `alias` names'),
  alias: aliasSchema.optional().describe('champion (the default), challenger, or another alias'),
  minConfidence: z.coerce
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('an answer whose confidence is below is `uncertain`'),
  window: z.coerce
    .number()
    .min(0.25)
    .max(60)
    .optional()
    .describe('seconds: answer with a timeline of windows that long (default for long recordings: 2)'),
  hop: z.coerce
    .number()
    .min(0.05)
    .max(60)
    .optional()
    .describe('seconds from the start of a window to that of the next (default: half a window)'),
  silence: z.coerce
    .number()
    .min(-120)
    .max(0)
    .optional()
    .describe('dBFS: what is quieter is silence, and not guessed at (default: -65)'),
})

/** What a batch may be asked for besides. */
export const batchOptionsSchema = predictionOptionsSchema.extend({
  speaker: z
    .literal('one')
    .optional()
    .describe(
      'all recordings are of one speaker: a model that normalises by speaker does so by them, when they are three at least',
    ),
})
export type BatchOptions = z.output<typeof batchOptionsSchema>

/** The options of a prediction, checked against each other. */
export const checkedPredictionOptionsSchema = predictionOptionsSchema
  .refine(({ model, version }) => model !== undefined || version === undefined, {
    path: ['version'],
    message: 'a version needs a model',
  })
  .refine(({ version, alias }) => version === undefined || alias === undefined, {
    path: ['alias'],
    message: 'take a version or an alias, not both',
  })
export type PredictionOptions = z.output<typeof predictionOptionsSchema>

const probabilitiesSchema = z.record(z.enum(EMOTIONS), z.number())

/** A stretch of a recording. Without an answer where it is silent. */
export const predictionWindowSchema = z.object({
  /** Seconds from the beginning. */
  start: z.number(),
  end: z.number(),
  /** Root mean square in dB of full scale; null for perfect silence. */
  level: z.number().nullable(),
  silent: z.boolean(),
  emotion: z.enum(EMOTIONS).nullable(),
  confidence: z.number().nullable(),
  uncertain: z.boolean(),
  probabilities: probabilitiesSchema.nullable(),
})
export type PredictionWindow = z.output<typeof predictionWindowSchema>

export const timelineSchema = z.object({
  /** Seconds. */
  window: z.number(),
  hop: z.number(),
  /** dBFS: windows below are silent. */
  silence: z.number(),
  windows: z.array(predictionWindowSchema),
  /** Of all windows: the share of each emotion (of those that are neither silent nor uncertain), and of the others. */
  shares: z.object({ emotions: probabilitiesSchema, uncertain: z.number(), silent: z.number() }),
})
export type Timeline = z.output<typeof timelineSchema>

/**
 * By what a model that normalises by speaker has normalised a recording: by the recordings of the request, which are said to be of
 * one speaker (`batch`), or, where they are fewer than three or nothing is said, by the mean of its training speakers.
 */
export const speakerStatisticsSchema = z.object({
  of: z.enum(['batch', 'training-speakers']),
  /** How many recordings of the speaker they are of; 0 for the training speakers. */
  recordings: z.int(),
})
export type SpeakerStatistics = z.output<typeof speakerStatisticsSchema>

/**
 * What a recording says. Of a long one, or when windows are asked for, `timeline` has the windows, and the rest is the mean over
 * those that are not silent.
 */
export const predictionSchema = z.object({
  /** The version that answered, and the alias that led to it (null when the version was named). */
  model: nameSchema,
  version: z.int(),
  alias: aliasSchema.nullable(),
  /** Why this version: it was named; an alias led to it; or its model has no champion, and it is the newest. */
  chosenBy: choiceReasonSchema,
  emotion: z.enum(EMOTIONS),
  /** The probability of `emotion`. */
  confidence: z.number(),
  /** Whether the confidence is below what was asked for (`minConfidence`); `emotion` is the best guess all the same. */
  uncertain: z.boolean(),
  probabilities: probabilitiesSchema,
  seconds: z.number(),
  sampleRate: z.int(),
  /** Null for a model that does not normalise by speaker. */
  speakerStatistics: speakerStatisticsSchema.nullable(),
  timeline: timelineSchema.nullable(),
})
export type Prediction = z.output<typeof predictionSchema>

/** What became of a recording of a batch: a prediction or a problem. */
export const batchItemSchema = z.object({
  /** The file's name as it was sent. */
  file: z.string().nullable(),
  prediction: predictionSchema.nullable(),
  problem: problemSchema.nullable(),
})
export type BatchItem = z.output<typeof batchItemSchema>

/** The answers to a batch, in the order in which its recordings were sent. */
export const predictionBatchSchema = z.object({ items: z.array(batchItemSchema) })
export type PredictionBatch = z.output<typeof predictionBatchSchema>
