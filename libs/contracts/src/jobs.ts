import { z } from 'zod'
import { featureSpecSchema } from './feature-sets.ts'
import { idSchema, nameSchema, sha256Schema, textSchema } from './names.ts'

/** Where a corpus comes from, as the ingest app sees it. */
export const sourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('folder'), path: textSchema.min(1).max(4096) }),
  z.strictObject({ kind: z.literal('archive'), path: textSchema.min(1).max(4096) }),
  z.strictObject({ kind: z.literal('s3'), bucket: textSchema.min(3).max(63), prefix: textSchema.max(1024) }),
])
export type Source = z.output<typeof sourceSchema>

/** The corpora whose published naming says the label of a recording. */
export const PATH_LAYOUT_NAMES = ['tess', 'ravdess', 'emo-db', 'crema-d', 'savee'] as const
export type PathLayout = (typeof PATH_LAYOUT_NAMES)[number]

/** How labels are read: from a published corpus' file names, or from a CSV manifest inside the source (path,label,speaker[,word][,split]); `unlabelled` are noises, room responses and voices to mix in. */
export const layoutSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(PATH_LAYOUT_NAMES) }),
  z.strictObject({ kind: z.literal('unlabelled') }),
  z.strictObject({ kind: z.literal('manifest'), path: textSchema.min(1).max(1024).default('manifest.csv') }),
])
export type Layout = z.output<typeof layoutSchema>

/** A request to ingest a dataset; what `POST /v1/ingestions` takes. */
export const ingestRequestSchema = z.strictObject({
  dataset: nameSchema,
  source: sourceSchema,
  layout: layoutSchema.default({ kind: 'tess' }),
  featureSet: featureSpecSchema.prefault({}),
})
export type IngestRequest = z.output<typeof ingestRequestSchema>

/** Job of the `ingest` queue: its row in `ingestions` says what to do. */
export const ingestJobSchema = z.strictObject({ ingestionId: idSchema })
export type IngestJob = z.output<typeof ingestJobSchema>

/** Job of the `features` queue: clips that owe a vector of a feature set. Each succeeds or fails alone. */
export const featureJobSchema = z.strictObject({
  featureSetId: sha256Schema,
  clips: z.array(sha256Schema).min(1).max(256),
})
export type FeatureJob = z.output<typeof featureJobSchema>

/** Job of the `train` queue: its row in `runs` says what to do. */
export const trainJobSchema = z.strictObject({ runId: idSchema })
export type TrainJob = z.output<typeof trainJobSchema>
