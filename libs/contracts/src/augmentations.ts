import { recipeSchema, RESOURCE_HALVES } from '@ser/augmentation'
import { z } from 'zod'
import { featureSpecSchema } from './feature-sets.ts'
import { idSchema, nameSchema, sha256Schema, textSchema, timeSchema } from './names.ts'

/**
 * Recordings to mix in: those of a dataset. A dataset and no bucket's prefix, so that what is made with them can name them by their
 * content; a folder or a prefix becomes a dataset by an ingestion with the layout `unlabelled`.
 */
export const resourceSchema = z.strictObject({
  dataset: nameSchema,
  /** Only those of one half, divided by their content: what trains a model must not be what evaluates it. */
  half: z.enum(RESOURCE_HALVES).optional(),
  /** Only those whose `split` in the dataset is this. */
  split: textSchema.min(1).max(64).optional(),
})
export type ResourceChoice = z.output<typeof resourceSchema>

/** The name of a recipe, `everyday`, of which the newest version is meant; or with its version, `everyday@1`. */
const recipeNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,62}(@[1-9]\d{0,8})?$/, 'a recipe is a name, or a name and a version: everyday@1')

/** By the group that the steps of a recipe name (`noise`, `voices`, `rooms`). */
const resourcesSchema = z.record(nameSchema, resourceSchema)

/** The recordings of the training side themselves, variants left out: voices for babble that the test side has no part in. */
const trainingSideSchema = z.strictObject({ side: z.literal('train') })

/**
 * Fresh variants of the recordings of the training side in every epoch of a run, beside stored variants, which stay as they are. The
 * test side and the validation side are heard untouched.
 */
export const onTheFlySchema = z.strictObject({
  /** A version that is left out is filled in when the run is asked for. */
  recipe: recipeNameSchema,
  /** How likely a recording is heard as a variant in an epoch, and not as it is. */
  share: z.number().positive().max(1).default(0.5),
  resources: z.record(nameSchema, z.union([resourceSchema, trainingSideSchema])).default({}),
})
export type OnTheFly = z.output<typeof onTheFlySchema>

/** A request for variants; what `POST /v1/augmentations` takes. */
export const augmentRequestSchema = z.strictObject({
  dataset: nameSchema,
  /** One that comes with the product (`everyday`, `paper-noise`), one that was used before; or a recipe itself. */
  recipe: z.union([recipeNameSchema, recipeSchema]),
  /** Variants of each clip. */
  copies: z.int().min(1).max(64).default(1),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** The dataset that the variants become part of; `<dataset>-<recipe's name>` when left out. */
  into: nameSchema.optional(),
  resources: resourcesSchema.default({}),
  featureSet: featureSpecSchema.prefault({}),
})
export type AugmentRequest = z.output<typeof augmentRequestSchema>

/** The most clips that one augment job may name. */
export const AUGMENT_JOB_CLIPS = 64

/** Job of the `augment` queue: clips of which an augmentation owes variants. Each succeeds or fails alone. */
export const augmentJobSchema = z.strictObject({
  augmentationId: idSchema,
  parents: z.array(sha256Schema).min(1).max(AUGMENT_JOB_CLIPS),
})
export type AugmentJob = z.output<typeof augmentJobSchema>

export const augmentationSchema = z.object({
  id: idSchema,
  request: augmentRequestSchema,
  recipe: z.object({ hash: sha256Schema, name: nameSchema, version: z.int(), transforms: z.string() }),
  into: nameSchema,
  status: z.enum(['queued', 'running', 'completed']),
  /** Variants: owed by the clips that the dataset had when this was asked for; there; of clips that failed, with a reason. */
  counts: z.object({ total: z.int(), done: z.int(), failed: z.int() }),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  finishedAt: timeSchema.nullable(),
})
export type Augmentation = z.output<typeof augmentationSchema>

/** How a variant was made. */
export const clipVariantSchema = z.object({
  sha256: sha256Schema,
  parent: sha256Schema,
  recipe: z.object({ name: nameSchema, version: z.int() }),
  seed: z.int(),
  /** From 0. */
  copy: z.int(),
  /** The transforms that were applied, with the parameters that were drawn. */
  applied: z.array(z.object({ step: z.int(), transform: z.string(), parameters: z.record(z.string(), z.unknown()) })),
  /** By how much the result was turned down so that it does not pass full scale. */
  outputGainDb: z.number(),
})
export type ClipVariant = z.output<typeof clipVariantSchema>
