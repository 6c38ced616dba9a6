import { z } from 'zod'
import { idSchema, nameSchema, timeSchema } from './names.ts'
import { evaluationSchema } from './evaluations.ts'

/** One figure over the runs of a group: folds of one seed counted together, then over the seeds. */
const seedFigureSchema = z.object({
  mean: z.number(),
  least: z.number(),
  most: z.number(),
  /** Seeds. */
  count: z.int(),
  /** Student's t interval of the mean, 95 %; absent of one seed. */
  interval: z.object({ low: z.number(), high: z.number() }).optional(),
})

const differenceSchema = z.object({ value: z.number(), low: z.number(), high: z.number() })

/** Runs side by side: those that differ in seed and fold only are one group. */
export const comparisonSchema = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      runs: z.array(idSchema),
      completed: z.int(),
      /** Null while none of its runs has completed. */
      figures: z.object({ accuracy: seedFigureSchema, uar: seedFigureSchema, macroF1: seedFigureSchema }).nullable(),
      /** Of folds: the evaluation of all their test clips together, of the smallest seed. */
      pooled: evaluationSchema.nullable(),
    }),
  ),
  /** Two groups on the clips that both tested, with the smallest seed that both have; nothing where they share none. */
  pairs: z.array(
    z.object({
      /** Places in `groups`. */
      first: z.int(),
      second: z.int(),
      seed: z.int(),
      clips: z.int(),
      /** The second's figure less the first's, with its paired bootstrap interval, 95 %. */
      difference: z.object({ accuracy: differenceSchema, uar: differenceSchema, macroF1: differenceSchema }),
      /** Clips that only this one has right. */
      onlyFirst: z.int(),
      onlySecond: z.int(),
      /** Of McNemar's exact test. */
      pValue: z.number(),
    }),
  ),
})
export type Comparison = z.output<typeof comparisonSchema>

/** A name for runs that belong together. */
export const experimentSchema = z.object({
  name: nameSchema,
  runs: z.int(),
  completed: z.int(),
  lastAddedAt: timeSchema,
})
export type Experiment = z.output<typeof experimentSchema>
