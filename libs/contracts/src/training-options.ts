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

/** What recordings can be balanced by. A domain is a dataset, or a speaker of one. */
export const BALANCES = ['class', 'dataset', 'speaker'] as const

/**
 * Recordings are drawn with replacement, instead of each once an epoch: first one of the cells that `balance` divides them into,
 * each as likely as any other (`['class', 'dataset']`: every emotion of every dataset), then a recording of it. An epoch has
 * `stepsPerEpoch` batches, so that the budget of a training, epochs times that, does not depend on how many recordings there are.
 */
export const samplingSchema = z.strictObject({
  balance: z
    .array(z.enum(BALANCES))
    .min(1)
    .refine((kinds) => new Set(kinds).size === kinds.length, 'names something twice')
    .default(['class']),
  stepsPerEpoch: z.int().min(1).max(100_000).default(20),
})
export type Sampling = z.output<typeof samplingSchema>

/**
 * `standard`: each value minus its mean, divided by its deviation, both of the training side.
 * `speaker`: the same by the recordings of each speaker of a dataset first (variants apart from originals), without looking at
 * their labels, bounded to 4 deviations; then by the training side. On the test side the statistics are of the speaker's
 * unlabelled test recordings.
 */
export const NORMALISATIONS = ['standard', 'speaker'] as const
export type NormalisationKind = (typeof NORMALISATIONS)[number]

/** The options of one network and its training, as fields of a run spec and of its members. */
export const networkOptions = {
  schedule: scheduleSchema.optional(),
  /** `balanced`: every class weighs the same in the loss, whatever its number of recordings. */
  classWeights: z.literal('balanced').optional(),
  normalisation: z.enum(NORMALISATIONS).optional(),
  /** The mel part in `decibel` (10 log10, at least -100 dB), or as power, which it is when this is absent; comes before the normalisation. */
  scale: z.enum(['power', 'decibel']).optional(),
  labelSmoothing: z.number().positive().lt(1).optional(),
  /** Decoupled from the gradient (AdamW; Loshchilov and Hutter 2019), for kernels only. */
  weightDecay: z.number().positive().max(1).optional(),
  /** The gradient of all weights together is scaled down to this norm. */
  clipNorm: z.number().positive().optional(),
  /** Deviation of the normal numbers that are added to every normalised value while training. */
  noise: z.number().positive().optional(),
  /** The share of the inputs that is zero in each step of the training, the others scaled up; of frames, a value in all of them. */
  inputDropout: z.number().positive().lt(1).optional(),
  /**
   * Every recording is mixed with another one of its batch, and so are their labels; its own share is max(b, 1 - b), b of
   * Beta(mixup, mixup) (Zhang, Cisse, Dauphin and Lopez-Paz 2018). Not for frames.
   */
  mixup: z.number().positive().max(10).optional(),
  /** Training sees a random piece of the frames, at least this share of them; other layouts have none. */
  crop: z.number().positive().lt(1).optional(),
  sampling: samplingSchema.optional(),
  convolutions: z.array(convolutionSchema).min(1).max(8).optional(),
  bidirectional: z.boolean().optional(),
  pooling: z.enum(POOLINGS).optional(),
}

/** The options as fields of a run spec. */
export const trainingOptions = {
  validation: validationSpecSchema.optional(),
  earlyStopping: earlyStoppingSchema.optional(),
  ...networkOptions,
}
