import { convolutionSchema, featureSpecSchema, FEATURE_GROUPS, POOLINGS } from '@ser/contracts'
import { z } from 'zod'
import { assembleModel, type Model } from './build-model.ts'
import { planWeights, type Architecture } from './describe-architecture.ts'
import { decodeSafetensors, encodeSafetensors, notAModel, type StoredTensor } from './encode-safetensors.ts'
import type { Tensorflow } from './load-tensorflow.ts'
import type { Ensemble } from './members.ts'
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
  /** By speaker, with the tensors `speakers/mean` and `speakers/deviation`. */
  speaker: z
    .strictObject({ shrinkage: z.number().min(0), fewest: z.int().min(1), bound: z.number().positive() })
    .exactOptional(),
  standard: z.boolean(),
})

const labelsSchema = z.array(z.string()).min(2)

/** What a recording must be turned into. */
const featuresSchema = z.strictObject({
  spec: featureSpecSchema,
  extractor: z.string(),
  /** The groups that the model sees, in this order. */
  groups: z.array(z.enum(FEATURE_GROUPS)).min(1),
})

const descriptionSchema = z.strictObject({
  /** The class of each output. */
  labels: labelsSchema,
  features: featuresSchema,
})

const memberSchema = z.strictObject({
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
const FORMATS = ['ser-model/1', 'ser-model/2', 'ser-model/3'] as const

/**
 * A model as one self-contained file: safetensors, weights under Keras' names (LSTM gates i, f, c, o), and as metadata `format`,
 * `architecture`, `description` and, if the model has one, `normalisation`, all JSON. It names no run and no time: equal models
 * are equal bytes.
 */
export function saveModel(model: Model, { labels, features }: ModelDescription): Uint8Array {
  return saveMembers({ labels, members: [{ model, features, weight: 1 }] })
}

/**
 * One network is saved as `saveModel` says. Of several the metadata are `format`, `description` (the labels) and `members`, and the
 * tensors of each lie under `member_1/`, `member_2/` ...
 */
export function saveMembers({ labels, members }: Ensemble): Uint8Array {
  if (members.length > 1) return saveSeveral({ labels, members })
  const { model, features } = members[0]
  const { normalisation } = model
  return encodeSafetensors({
    metadata: {
      format: formatOf(model),
      // Parsed, so that its parts come in one order.
      architecture: JSON.stringify(architectureSchema.parse(model.architecture)),
      description: JSON.stringify({ labels, features }),
      ...(normalisation === undefined ? {} : { normalisation: JSON.stringify(describeNormalisation(normalisation)) }),
    },
    tensors: [...normalisationTensors(normalisation), ...weightTensors(model)],
  })
}

function saveSeveral({ labels, members }: Ensemble): Uint8Array {
  const described = members.map(({ model: { architecture, normalisation }, features, weight }) =>
    memberSchema.parse({
      architecture,
      features,
      weight,
      ...(normalisation === undefined ? {} : { normalisation: describeNormalisation(normalisation) }),
    }),
  )
  const metadata = {
    format: FORMATS[2],
    description: JSON.stringify({ labels }),
    members: JSON.stringify(described),
  }
  const tensors = members.flatMap(({ model }, index) =>
    [...normalisationTensors(model.normalisation), ...weightTensors(model)].map((tensor) => ({
      ...tensor,
      name: `member_${index + 1}/${tensor.name}`,
    })),
  )
  return encodeSafetensors({ metadata, tensors })
}

function formatOf({ architecture, normalisation }: Model): (typeof FORMATS)[number] {
  if (normalisation?.speaker !== undefined) return FORMATS[2]
  return FORMATS[normalisation === undefined && isPaper(architecture) ? 0 : 1]
}

/** The weights as they are now, by name. */
export function weightTensors({ weights }: Model): StoredTensor[] {
  return [...weights].map(([name, weight]) => ({ name, shape: weight.shape, values: weight.dataSync<'float32'>() }))
}

/**
 * Reads what `saveModel` wrote.
 *
 * @throws SerError NOT_A_MODEL_FILE (`bad-input`), also for a model of several networks
 */
export function loadModel(tf: Tensorflow, bytes: Uint8Array): { model: Model; description: ModelDescription } {
  const plan = readPlan(bytes)
  if (plan.members.length > 1) throw notAModel('it holds several networks, which only loadMembers reads')
  const { labels, members } = assembleMembers(tf, plan)
  const [{ model, features }] = members
  return { model, description: { labels: [...labels], features } }
}

/**
 * Reads any model file: one network is one member, whose weight is 1.
 *
 * @throws SerError NOT_A_MODEL_FILE (`bad-input`)
 */
export function loadMembers(tf: Tensorflow, bytes: Uint8Array): Ensemble {
  return assembleMembers(tf, readPlan(bytes))
}

/**
 * Whether what a model says of a recording depends on which other recordings of the speaker there are; read from its file alone.
 *
 * @throws SerError NOT_A_MODEL_FILE (`bad-input`)
 */
export function fileNeedsSpeakers(bytes: Uint8Array): boolean {
  return readPlan(bytes).members.some(({ normalisation }) => normalisation?.speaker !== undefined)
}

type PlannedMember = z.output<typeof memberSchema> & { readonly prefix: string }

type Plan = {
  readonly labels: readonly string[]
  readonly members: readonly PlannedMember[]
  readonly stored: ReadonlyMap<string, StoredTensor>
}

/** What a file says that it holds. */
function readPlan(bytes: Uint8Array): Plan {
  const { metadata, tensors } = decodeSafetensors(bytes)
  if (!FORMATS.some((format) => format === metadata['format'])) {
    throw notAModel(`its format is ${metadata['format'] ?? 'not said'}, not one of ${FORMATS.join(', ')}`)
  }
  const { labels, members } = metadata['members'] === undefined ? readOne(metadata) : readSeveral(metadata)
  if (members.some(({ architecture }) => architecture.classes !== labels.length)) {
    throw notAModel('it has not one label for each output')
  }
  return { labels, members, stored: new Map(tensors.map((tensor) => [tensor.name, tensor])) }
}

type Metadata = Readonly<Record<string, string>>

function readOne(metadata: Metadata): Omit<Plan, 'stored'> {
  const architecture = parseMetadata(architectureSchema, metadata['architecture'], 'architecture')
  const { labels, features } = parseMetadata(descriptionSchema, metadata['description'], 'description')
  const text = metadata['normalisation']
  const normalisation =
    text === undefined ? {} : { normalisation: parseMetadata(normalisationSchema, text, 'normalisation') }
  return { labels, members: [{ architecture, features, weight: 1, ...normalisation, prefix: '' }] }
}

function readSeveral(metadata: Metadata): Omit<Plan, 'stored'> {
  const { labels } = parseMetadata(z.strictObject({ labels: labelsSchema }), metadata['description'], 'description')
  const members = parseMetadata(z.array(memberSchema).min(1), metadata['members'], 'members')
  return { labels, members: members.map((member, index) => ({ ...member, prefix: `member_${index + 1}/` })) }
}

function assembleMembers(tf: Tensorflow, { labels, members, stored }: Plan): Ensemble {
  // Everything is looked up before a tensor is made, so that nothing is left behind by a file that lacks something.
  const found = members.map(({ prefix, architecture, normalisation: described, features, weight }) => {
    const valuesOf = (name: string, shape: readonly number[]): Float32Array => {
      const tensor = stored.get(prefix + name)
      if (tensor?.shape.join() !== shape.join()) throw notAModel(`its weight ${name} is missing or has another shape`)
      return tensor.values
    }
    const values = new Map(planWeights(architecture).map(({ name, shape }) => [name, valuesOf(name, shape)]))
    const normalisation = readNormalisation(described, (name) => valuesOf(name, [architecture.features]))
    return { architecture, normalisation, values, features, weight }
  })
  return {
    labels,
    members: found.map(({ architecture, normalisation, values, features, weight }) => ({
      model: assembleModel(tf, { architecture, normalisation, valuesOf: ({ name }) => values.get(name)! }),
      features,
      weight,
    })),
  }
}

function isPaper({ layout, convolutions, bidirectional, pooling }: Architecture): boolean {
  return layout !== 'frames' && convolutions === undefined && bidirectional === undefined && pooling === undefined
}

type DescribedNormalisation = z.output<typeof normalisationSchema>

function describeNormalisation({ decibel, speaker, standard }: Normalisation): DescribedNormalisation {
  const { mean: _mean, deviation: _deviation, ...bySpeaker } = speaker ?? {}
  return normalisationSchema.parse({
    ...(decibel === undefined ? {} : { decibel }),
    ...(speaker === undefined ? {} : { speaker: bySpeaker }),
    standard: standard !== undefined,
  })
}

function normalisationTensors({ speaker, standard }: Normalisation = {}): StoredTensor[] {
  return [
    ...(speaker === undefined
      ? []
      : [rowTensor('speakers/mean', speaker.mean), rowTensor('speakers/deviation', speaker.deviation)]),
    ...(standard === undefined
      ? []
      : [rowTensor('input/mean', standard.mean), rowTensor('input/deviation', standard.deviation)]),
  ]
}

function rowTensor(name: string, values: Float32Array): StoredTensor {
  return { name, shape: [values.length], values }
}

function readNormalisation(
  described: DescribedNormalisation | undefined,
  valuesOf: (name: string) => Float32Array,
): Normalisation | undefined {
  if (described === undefined) return undefined
  const { decibel, speaker, standard } = described
  const momentsOf = (place: string) => ({ mean: valuesOf(`${place}/mean`), deviation: valuesOf(`${place}/deviation`) })
  return {
    ...(decibel === undefined ? {} : { decibel }),
    ...(speaker === undefined ? {} : { speaker: { ...speaker, ...momentsOf('speakers') } }),
    ...(standard ? { standard: momentsOf('input') } : {}),
  }
}

function parseMetadata<T>(schema: z.ZodType<T>, text: string | undefined, part: string): T {
  try {
    return schema.parse(JSON.parse(text ?? ''))
  } catch (error) {
    throw notAModel(`its ${part} is not understood`, error)
  }
}
