import { convolutionSchema, featureSpecSchema, FEATURE_GROUPS, POOLINGS } from '@ser/contracts'
import { z } from 'zod'
import { assembleModel, type Model } from './build-model.ts'
import { planWeights, type Architecture } from './describe-architecture.ts'
import { decodeSafetensors, encodeSafetensors, notAModel, type StoredTensor } from './encode-safetensors.ts'
import type { Tensorflow } from './load-tensorflow.ts'
import type { Normalisation } from './normalise-inputs.ts'

const architectureSchema = z.strictObject({
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
const normalisationSchema = z.strictObject({
  decibel: z.tuple([z.int().min(0), z.int().min(1)]).exactOptional(),
  standard: z.boolean(),
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

/**
 * The version of what the metadata of our safetensors files say. A reader that knows only the first would use a model of the
 * second wrongly: it has a normalisation, or parts that the paper's network has not.
 */
const FORMATS = ['ser-model/1', 'ser-model/2'] as const

/**
 * A model as one self-contained file: safetensors, weights under Keras' names (LSTM gates i, f, c, o), and as metadata `format`,
 * `architecture`, `description` and, if the model has one, `normalisation`, all JSON. It names no run and no time: equal models
 * are equal bytes.
 */
export function saveModel(model: Model, description: ModelDescription): Uint8Array {
  const { architecture, normalisation } = model
  return encodeSafetensors({
    metadata: {
      format: FORMATS[normalisation === undefined && isPaper(architecture) ? 0 : 1],
      // Parsed, so that its parts come in one order.
      architecture: JSON.stringify(architectureSchema.parse(architecture)),
      description: JSON.stringify(description),
      ...(normalisation === undefined ? {} : { normalisation: JSON.stringify(describeNormalisation(normalisation)) }),
    },
    tensors: [...normalisationTensors(normalisation), ...weightTensors(model)],
  })
}

/** The weights as they are now, by name. */
export function weightTensors({ weights }: Model): StoredTensor[] {
  return [...weights].map(([name, weight]) => ({ name, shape: weight.shape, values: weight.dataSync<'float32'>() }))
}

/**
 * Reads what `saveModel` wrote.
 *
 * @throws SerError NOT_A_MODEL_FILE (`bad-input`)
 */
export function loadModel(tf: Tensorflow, bytes: Uint8Array): { model: Model; description: ModelDescription } {
  const { metadata, tensors } = decodeSafetensors(bytes)
  if (!FORMATS.some((format) => format === metadata['format'])) {
    throw notAModel(`its format is ${metadata['format'] ?? 'not said'}, not one of ${FORMATS.join(', ')}`)
  }
  const architecture = parseMetadata(architectureSchema, metadata['architecture'], 'architecture')
  const description = parseMetadata(descriptionSchema, metadata['description'], 'description')
  if (description.labels.length !== architecture.classes) throw notAModel('it has not one label for each output')

  const stored = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const valuesOf = (name: string, shape: readonly number[]): Float32Array => {
    const tensor = stored.get(name)
    if (tensor?.shape.join() !== shape.join()) throw notAModel(`its weight ${name} is missing or has another shape`)
    return tensor.values
  }
  const values = new Map(planWeights(architecture).map(({ name, shape }) => [name, valuesOf(name, shape)]))
  const normalisation = readNormalisation(metadata['normalisation'], (name) => valuesOf(name, [architecture.features]))
  return {
    model: assembleModel(tf, { architecture, normalisation, valuesOf: ({ name }) => values.get(name)! }),
    description,
  }
}

function isPaper({ layout, convolutions, bidirectional, pooling }: Architecture): boolean {
  return layout !== 'frames' && convolutions === undefined && bidirectional === undefined && pooling === undefined
}

function describeNormalisation({ decibel, standard }: Normalisation): z.input<typeof normalisationSchema> {
  return { ...(decibel === undefined ? {} : { decibel: [...decibel] }), standard: standard !== undefined }
}

function normalisationTensors({ standard }: Normalisation = {}): StoredTensor[] {
  if (standard === undefined) return []
  return [
    { name: 'input/mean', shape: [standard.mean.length], values: standard.mean },
    { name: 'input/deviation', shape: [standard.deviation.length], values: standard.deviation },
  ]
}

function readNormalisation(
  text: string | undefined,
  valuesOf: (name: string) => Float32Array,
): Normalisation | undefined {
  if (text === undefined) return undefined
  const { decibel, standard } = parseMetadata(normalisationSchema, text, 'normalisation')
  return {
    ...(decibel === undefined ? {} : { decibel }),
    ...(standard ? { standard: { mean: valuesOf('input/mean'), deviation: valuesOf('input/deviation') } } : {}),
  }
}

function parseMetadata<T>(schema: z.ZodType<T>, text: string | undefined, part: string): T {
  try {
    return schema.parse(JSON.parse(text ?? ''))
  } catch (error) {
    throw notAModel(`its ${part} is not understood`, error)
  }
}
