import { stressConditionSchema, stressPlanSchema } from '@ser/augmentation'
import { z } from 'zod'
import { resourceSchema } from './augmentations.ts'
import { idSchema, nameSchema, timeSchema } from './names.ts'

/**
 * Under which conditions a model version is to be evaluated; what `POST /v1/models/{name}/versions/{version}/stress-evaluations`
 * takes. It is evaluated on the test recordings of its run.
 */
export const stressRequestSchema = z.strictObject({
  ...stressPlanSchema.shape,
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** Test recordings at most, drawn by the seed; all when left out. */
  limit: z.int().min(2).max(1_000_000).optional(),
  /** Recordings of noise; voices for the babble, else other test recordings of the same run. */
  resources: z.strictObject({ noise: resourceSchema.optional(), voices: resourceSchema.optional() }).default({}),
})
export type StressRequest = z.output<typeof stressRequestSchema>
export type StressRequestInput = z.input<typeof stressRequestSchema>

/** Job of the `evaluate` queue: its row in `stress_evaluations` says what to do. */
export const evaluateJobSchema = z.strictObject({ evaluationId: idSchema })
export type EvaluateJob = z.output<typeof evaluateJobSchema>

/** From `low` to `high`. */
const interval = z.object({ low: z.number(), high: z.number() })

/** A model's figures under one condition; intervals are 95 % bootstrap intervals over recordings. */
export const stressResultSchema = z.object({
  condition: stressConditionSchema,
  recordings: z.int(),
  accuracy: z.number(),
  uar: z.number(),
  intervals: z.object({ accuracy: interval, uar: interval }),
  /** confusion[true][predicted], counts. */
  confusion: z.array(z.array(z.int())),
})
export type StressResult = z.output<typeof stressResultSchema>

export const stressEvaluationSchema = z.object({
  id: idSchema,
  model: nameSchema,
  version: z.int(),
  request: stressRequestSchema,
  status: z.enum(['queued', 'running', 'completed', 'failed']),
  /** `recordings` is null until it has begun; `done` counts recordings that were heard under every condition. */
  progress: z.object({ recordings: z.int().nullable(), done: z.int(), conditions: z.int() }),
  /** How many recordings of noise and voices were given. */
  resources: z.object({ noise: z.int(), voices: z.int() }),
  /** The classes, in the order of the confusion matrices; empty until it is completed, as are the results. */
  labels: z.array(z.string()),
  results: z.array(stressResultSchema),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  finishedAt: timeSchema.nullable(),
})
export type StressEvaluation = z.output<typeof stressEvaluationSchema>
