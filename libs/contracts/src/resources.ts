import { z } from 'zod'
import { featureSpecSchema } from './feature-sets.ts'
import { ingestRequestSchema } from './jobs.ts'
import { idSchema, nameSchema, sha256Schema } from './names.ts'
import { runSpecSchema } from './run-specs.ts'

// What the API answers with. Times are ISO 8601; durations are seconds.

const time = z.iso.datetime({ offset: true })

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
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
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

export const datasetSchema = z.object({ name: nameSchema, clips: z.int(), rejected: z.int(), createdAt: time })
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
  at: time,
})
export type Rejection = z.output<typeof rejectionSchema>

export const featureSetSchema = z.object({
  id: sha256Schema,
  spec: featureSpecSchema,
  extractor: z.string(),
  vectors: z.int(),
  createdAt: time,
})
export type FeatureSetResource = z.output<typeof featureSetSchema>

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
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
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
  createdAt: time,
})
export type ModelVersion = z.output<typeof modelVersionSchema>

/** A model is a name; its versions are what can be used. */
export const modelSchema = z.object({ name: nameSchema, versions: z.int(), latest: modelVersionSchema })
export type Model = z.output<typeof modelSchema>

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
