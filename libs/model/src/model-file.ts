import { featureSpecSchema, FEATURE_GROUPS } from '@ser/contracts'
import { z } from 'zod'
import { assembleModel, type Model } from './build-model.ts'
import { planWeights } from './describe-architecture.ts'
import { decodeSafetensors, encodeSafetensors, notAModel } from './encode-safetensors.ts'
import type { Tensorflow } from './load-tensorflow.ts'

const architectureSchema = z.strictObject({
  layout: z.enum(['one-step', 'steps']),
  features: z.int().min(1),
  lstmUnits: z.array(z.int().min(1)).min(1),
  denseUnits: z.int().min(1),
  dropout: z.number().min(0).lt(1),
  classes: z.int().min(2),
})

const descriptionSchema = z.strictObject({
  /** The class of each output. */
  labels: z.array(z.string()).min(2),
  /** What a recording must be turned into. */
  features: z.strictObject({
    spec: featureSpecSchema,
    extractor: z.string(),
    /** The groups that the model sees, in this order. */
    groups: z.array(z.enum(FEATURE_GROUPS)).min(1),
  }),
})

/** What one must know to use a model's weights. */
export type ModelDescription = z.output<typeof descriptionSchema>

/** The version of what the metadata of our safetensors files say. */
const FORMAT = 'ser-model/1'

/**
 * A model as one self-contained file: safetensors, weights under Keras' names (LSTM gates i, f, c, o), and as metadata `format`
 * (`ser-model/1`), `architecture` and `description`, both JSON. It names no run and no time: equal models are equal bytes.
 */
export function saveModel(model: Model, description: ModelDescription): Uint8Array {
  return encodeSafetensors({
    metadata: {
      format: FORMAT,
      architecture: JSON.stringify(model.architecture),
      description: JSON.stringify(description),
    },
    tensors: [...model.weights].map(([name, weight]) => ({
      name,
      shape: weight.shape,
      values: weight.dataSync<'float32'>(),
    })),
  })
}

/**
 * Reads what `saveModel` wrote.
 *
 * @throws SerError NOT_A_MODEL_FILE (`bad-input`)
 */
export function loadModel(tf: Tensorflow, bytes: Uint8Array): { model: Model; description: ModelDescription } {
  const { metadata, tensors } = decodeSafetensors(bytes)
  if (metadata['format'] !== FORMAT) throw notAModel(`its format is ${metadata['format'] ?? 'not said'}, not ${FORMAT}`)
  const architecture = parseMetadata(architectureSchema, metadata['architecture'], 'architecture')
  const description = parseMetadata(descriptionSchema, metadata['description'], 'description')
  if (description.labels.length !== architecture.classes) throw notAModel('it has not one label for each output')

  const stored = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const valuesOf = planWeights(architecture).map(({ name, shape }) => {
    const tensor = stored.get(name)
    if (tensor?.shape.join() !== shape.join()) throw notAModel(`its weight ${name} is missing or has another shape`)
    return [name, tensor.values] as const
  })
  const values = new Map(valuesOf)
  return { model: assembleModel(tf, architecture, ({ name }) => values.get(name)!), description }
}

function parseMetadata<T>(schema: z.ZodType<T>, text: string | undefined, part: string): T {
  try {
    return schema.parse(JSON.parse(text ?? ''))
  } catch (error) {
    throw notAModel(`its ${part} is not understood`, error)
  }
}
