import { z } from 'zod'

// What a run may ask for beyond the paper's recipe, which has none of it. Absent means: not done. Nothing is filled in for an
// option that is not given, so that a spec from before the option existed keeps its hash.

const rate = z.number().positive().max(1)
const epochs = z.int().min(1).max(10_000)
/** What is watched on the validation side: its loss, to become smaller, or its unweighted average recall, to become greater. */
const monitor = z.enum(['loss', 'uar']).default('loss')
/** A change by no more than this counts as none. */
const minDelta = z.number().min(0).default(0)

/** A part of the training side that is not trained on: drawn by original clip (variants follow it), by word or by speaker. */
export const validationSpecSchema = z.strictObject({
  fraction: z.number().positive().max(0.5),
  by: z.enum(['clip', 'word', 'speaker']).default('clip'),
})
export type ValidationSpec = z.output<typeof validationSpecSchema>

/** Ends training after `patience` epochs without a better one; `restoreBest` takes the weights of the best epoch. */
export const earlyStoppingSchema = z.strictObject({
  monitor,
  patience: epochs.default(10),
  minDelta,
  restoreBest: z.boolean().default(true),
})
export type EarlyStopping = z.output<typeof earlyStoppingSchema>

/** How the learning rate changes; the run's `learningRate` is the greatest. */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  /** Rises linearly over the warm-up, then falls as half a cosine to `finalFactor` times the rate; changes at every step. */
  z.strictObject({
    kind: z.literal('cosine'),
    warmupEpochs: z.number().min(0).max(1000).default(0),
    finalFactor: z.number().min(0).max(1).default(0),
  }),
  /** Multiplied by `factor` after every epoch. */
  z.strictObject({ kind: z.literal('exponential'), factor: rate }),
  /** Multiplied by `factor` after every `everyEpochs` epochs. */
  z.strictObject({ kind: z.literal('step'), everyEpochs: epochs, factor: rate.default(0.5) }),
  /** Multiplied by `factor` after `patience` epochs without a better one, down to `minRate`. */
  z.strictObject({
    kind: z.literal('plateau'),
    monitor,
    patience: epochs.default(5),
    factor: rate.default(0.5),
    minDelta,
    minRate: z.number().min(0).max(1).default(0),
  }),
])
export type Schedule = z.output<typeof scheduleSchema>

/** Along time, before the LSTM: `filters` filters over `kernel` steps (odd), ReLU, then the greatest of every `pool` steps. */
export const convolutionSchema = z.strictObject({
  filters: z.int().min(1).max(2048),
  kernel: z
    .int()
    .min(1)
    .max(31)
    .refine((size) => size % 2 === 1, 'must be odd'),
  pool: z.int().min(1).max(16).default(1),
})
export type Convolution = z.output<typeof convolutionSchema>

/**
 * What the dense layers see of the LSTM's outputs over time: those of the last step (the paper), their mean, their mean
 * weighted by attention, or that and the weighted deviation (attentive statistics pooling; Okabe, Koshinaka and Shinoda 2018).
 */
export const POOLINGS = ['last', 'mean', 'attention', 'attentive-statistics'] as const
export type Pooling = (typeof POOLINGS)[number]

/** The options as fields of a run spec. */
export const trainingOptions = {
  validation: validationSpecSchema.optional(),
  earlyStopping: earlyStoppingSchema.optional(),
  schedule: scheduleSchema.optional(),
  /** `balanced`: every class weighs the same in the loss, whatever its number of recordings. */
  classWeights: z.literal('balanced').optional(),
  /** `standard`: each value minus its mean, divided by its deviation, both of the training side. */
  normalisation: z.literal('standard').optional(),
  /** The mel part in `decibel` (10 log10, at least -100 dB), or as power, which it is when this is absent; comes before the normalisation. */
  scale: z.enum(['power', 'decibel']).optional(),
  labelSmoothing: z.number().positive().lt(1).optional(),
  /** Decoupled from the gradient (AdamW; Loshchilov and Hutter 2019), for kernels only. */
  weightDecay: z.number().positive().max(1).optional(),
  /** The gradient of all weights together is scaled down to this norm. */
  clipNorm: z.number().positive().optional(),
  /** Deviation of the normal numbers that are added to every normalised value while training. */
  noise: z.number().positive().optional(),
  convolutions: z.array(convolutionSchema).min(1).max(8).optional(),
  bidirectional: z.boolean().optional(),
  pooling: z.enum(POOLINGS).optional(),
}
