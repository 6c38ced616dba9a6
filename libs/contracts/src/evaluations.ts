import { z } from 'zod'

// How a training went, epoch by epoch, and what the model could do in the end.

export const epochSchema = z.object({
  /** From 1. */
  epoch: z.int(),
  trainLoss: z.number(),
  trainAccuracy: z.number(),
  testLoss: z.number(),
  testAccuracy: z.number(),
  seconds: z.number(),
  // Absent from runs that were trained before these were kept.
  /** Of the epoch's last step. */
  learningRate: z.number().exactOptional(),
  /** How long it waited for variants that are made on the fly; a part of `seconds`. */
  waitedSeconds: z.number().exactOptional(),
  /** Of the validation side, where the run has one. */
  validation: z.object({ loss: z.number(), accuracy: z.number(), uar: z.number() }).exactOptional(),
})
export type Epoch = z.output<typeof epochSchema>

export const classFiguresSchema = z.object({
  label: z.string(),
  support: z.int(),
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
})

/** From `low` to `high`. */
const interval = z.object({ low: z.number(), high: z.number() })

/** Bootstrap intervals of a run's figures: over recordings, or over speakers with all their recordings. */
export const figureIntervalsSchema = z.object({
  over: z.enum(['recordings', 'speakers']),
  /** How many of them the test side has. */
  units: z.int(),
  /** 0.95: an interval that holds the figure in 95 of 100 such test sides. */
  level: z.number(),
  resamples: z.int(),
  accuracy: interval,
  uar: interval,
  macroF1: interval,
})

/** The figures of the test recordings of one speaker, of one dataset, or of one condition (clean, or what was done to them). */
export const groupFiguresSchema = z.object({
  by: z.enum(['speaker', 'dataset', 'condition']),
  name: z.string(),
  support: z.int(),
  accuracy: z.number(),
  uar: z.number(),
  macroF1: z.number(),
  /** 95 %, Wilson's: of the group's recordings, as many as there are. */
  accuracyInterval: interval.optional(),
})

/** Expected calibration error and reliability curve of the predicted class; bins are (low, high], empty ones left out. */
export const calibrationSchema = z.object({
  ece: z.number(),
  bins: z.array(
    z.object({ low: z.number(), high: z.number(), count: z.int(), confidence: z.number(), accuracy: z.number() }),
  ),
})

export const evaluationSchema = z.object({
  labels: z.array(z.string()),
  /** confusion[true][predicted], counts. */
  confusion: z.array(z.array(z.int())),
  accuracy: z.number(),
  /** Unweighted average recall: the mean of the recalls of the classes that occur. */
  uar: z.number(),
  macroF1: z.number(),
  loss: z.number(),
  perClass: z.array(classFiguresSchema),
  // Absent from what was evaluated before these were computed.
  intervals: z.array(figureIntervalsSchema).optional(),
  groups: z.array(groupFiguresSchema).optional(),
  calibration: calibrationSchema.optional(),
})
export type Evaluation = z.output<typeof evaluationSchema>
