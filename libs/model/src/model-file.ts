import { convolutionSchema, featureSpecSchema, FEATURE_GROUPS, POOLINGS } from '@ser/contracts'
import { z } from 'zod'

export const architectureSchema = z.strictObject({
  layout: z.enum(['one-step', 'steps', 'frames']),
  features: z.int().min(1),
  lstmUnits: z.array(z.int().min(1)).min(1),
  denseUnits: z.int().min(1),
  dropout: z.number().min(0).lt(1),
  classes: z.int().min(2),
  convolutions: z.array(convolutionSchema).min(1).exactOptional(),
  bidirectional: z.boolean().exactOptional(),
  pooling: z.enum(POOLINGS).exactOptional(),
})

/** What the tensors `input/mean` and `input/deviation` do not say. */
export const normalisationSchema = z.strictObject({
  decibel: z.tuple([z.int().min(0), z.int().min(1)]).exactOptional(),
  /** By speaker, with the tensors `speakers/mean` and `speakers/deviation`. */
  speaker: z
    .strictObject({ shrinkage: z.number().min(0), fewest: z.int().min(1), bound: z.number().positive() })
    .exactOptional(),
  standard: z.boolean(),
})

export const labelsSchema = z.array(z.string()).min(2)

/** What a recording must be turned into. */
const featuresSchema = z.strictObject({
  spec: featureSpecSchema,
  extractor: z.string(),
  /** The groups that the model sees, in this order. */
  groups: z.array(z.enum(FEATURE_GROUPS)).min(1),
})

export const descriptionSchema = z.strictObject({
  /** The class of each output. */
  labels: labelsSchema,
  features: featuresSchema,
})

export const memberSchema = z.strictObject({
  architecture: architectureSchema,
  features: featuresSchema,
  normalisation: normalisationSchema.exactOptional(),
  weight: z.number().positive(),
})

/** What one must know to use a model's weights. */
export type ModelDescription = z.output<typeof descriptionSchema>

/**
 * The version of what the metadata of our safetensors files say. A reader that knows only the first would use a model of the
 * second wrongly: it has a normalisation, or parts that the paper's network has not. One that knows two does not know the
 * third's: several networks, or a normalisation by speaker.
 */
export const FORMATS = ['ser-model/1', 'ser-model/2', 'ser-model/3'] as const

export type DescribedNormalisation = z.output<typeof normalisationSchema>
