import { z } from 'zod'
import { featureSpecSchema } from './feature-sets.ts'
import { ingestRequestSchema } from './jobs.ts'
import { idSchema, nameSchema, sha256Schema, timeSchema } from './names.ts'

// What the API answers with. Times are ISO 8601; durations are seconds.

export const ingestionSchema = z.object({
  id: idSchema,
  request: ingestRequestSchema,
  status: z.enum(['queued', 'running', 'completed', 'failed']),
  /** Files: seen so far; expected (null until the source is listed); new clips; already there; rejected. */
  counts: z.object({
    found: z.int(),
    total: z.int().nullable(),
    stored: z.int(),
    unchanged: z.int(),
    rejected: z.int(),
  }),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  finishedAt: timeSchema.nullable(),
})
export type Ingestion = z.output<typeof ingestionSchema>

/** How far the vectors of a dataset are: `clips` distinct clips, `vectors` stored, `failed` recorded with a reason. */
export const featureProgressSchema = z.object({
  featureSetId: sha256Schema,
  clips: z.int(),
  vectors: z.int(),
  failed: z.int(),
})
export type FeatureProgress = z.output<typeof featureProgressSchema>

export const datasetSchema = z.object({ name: nameSchema, clips: z.int(), rejected: z.int(), createdAt: timeSchema })
export type Dataset = z.output<typeof datasetSchema>

export const clipSchema = z.object({
  sha256: sha256Schema,
  dataset: nameSchema,
  path: z.string(),
  label: z.string(),
  speaker: z.string(),
  word: z.string().nullable(),
  split: z.string().nullable(),
  container: z.string(),
  encoding: z.string(),
  sampleRate: z.int(),
  channels: z.int(),
  seconds: z.number(),
  bytes: z.int(),
})
export type Clip = z.output<typeof clipSchema>

/** A file that was not taken in (stage `ingest`), or a clip without variants (`augment`) or without a vector (`features`), and why. */
export const rejectionSchema = z.object({
  dataset: nameSchema,
  path: z.string(),
  stage: z.enum(['ingest', 'augment', 'features']),
  code: z.string(),
  message: z.string(),
  sha256: sha256Schema.nullable(),
  at: timeSchema,
})
export type Rejection = z.output<typeof rejectionSchema>

export const featureSetSchema = z.object({
  id: sha256Schema,
  spec: featureSpecSchema,
  extractor: z.string(),
  vectors: z.int(),
  createdAt: timeSchema,
})
export type FeatureSetResource = z.output<typeof featureSetSchema>

export const queueCountsSchema = z.object({
  name: z.string(),
  paused: z.boolean(),
  waiting: z.int(),
  active: z.int(),
  delayed: z.int(),
  completed: z.int(),
  failed: z.int(),
})
export type QueueCounts = z.output<typeof queueCountsSchema>

/** RFC 9457 problem details, with the error's code. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type Problem = z.output<typeof problemSchema>

/** What `POST /v1/reconcile` found owing and enqueued. */
export const reconcileReportSchema = z.object({
  featureJobs: z.int(),
  clipsOwing: z.int(),
  augmentJobs: z.int(),
  /** Clips that owe variants. */
  parentsOwing: z.int(),
  ingestions: z.int(),
  runs: z.int(),
  /** Stress evaluations that are not finished. */
  evaluations: z.int(),
  /** Recorded failures that were forgotten, where that was asked for: their clips are tried again. */
  failuresForgotten: z.int().optional(),
})
export type ReconcileReport = z.output<typeof reconcileReportSchema>
