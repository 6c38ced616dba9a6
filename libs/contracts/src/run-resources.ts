import { z } from 'zod'
import { epochSchema, evaluationSchema } from './evaluations.ts'
import { idSchema, nameSchema, sha256Schema, timeSchema } from './names.ts'
import { runSpecSchema } from './run-specs.ts'

// Runs and the models that came of them, as the API answers with them.

export const runSchema = z.object({
  id: idSchema,
  spec: runSpecSchema,
  specHash: sha256Schema,
  status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** The exact clips: the hash of their identities and labels, and how many lie on each side. */
  snapshot: z
    .object({ hash: sha256Schema, train: z.int(), validation: z.int().exactOptional(), test: z.int() })
    .nullable(),
  backend: z.string().nullable(),
  codeVersion: z.string().nullable(),
  epochs: z.array(epochSchema),
  evaluation: evaluationSchema.nullable(),
  version: z.object({ model: nameSchema, version: z.int() }).nullable(),
  // Absent from what an older server says.
  /** How often it was begun: once, and once more for each trainer or training process that was lost, or service that failed. */
  attempts: z.int().optional(),
  /** The epoch after which the newest attempt went on, from a checkpoint; null when it began at the first. */
  resumedFromEpoch: z.int().nullable().optional(),
  /** Why the newest attempt began at the first epoch although there was a checkpoint. */
  restartReason: z.string().nullable().optional(),
  /** The most memory that its training process had (resident). */
  peakMemoryBytes: z.int().nullable().optional(),
  /** The experiments that it is part of. */
  experiments: z.array(nameSchema).optional(),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  finishedAt: timeSchema.nullable(),
})
export type Run = z.output<typeof runSchema>

/** A run in a list: how many epochs are done instead of each of them. */
export const runSummarySchema = runSchema.omit({ epochs: true }).extend({ epochsDone: z.int() })
export type RunSummary = z.output<typeof runSummarySchema>

export const modelVersionSchema = z.object({
  model: nameSchema,
  version: z.int(),
  runId: idSchema,
  /** SHA-256 and length of the stored model file. */
  artefact: z.object({ sha256: sha256Schema, bytes: z.int(), key: z.string() }),
  featureSetId: sha256Schema,
  accuracy: z.number(),
  uar: z.number(),
  createdAt: timeSchema,
})
export type ModelVersion = z.output<typeof modelVersionSchema>

/** A model is a name; its versions are what can be used. */
export const modelSchema = z.object({ name: nameSchema, versions: z.int(), latest: modelVersionSchema })
export type Model = z.output<typeof modelSchema>
