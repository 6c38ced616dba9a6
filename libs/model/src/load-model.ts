import { z } from 'zod'
import { assembleModel, type Model } from './build-model.ts'
import { planWeights } from './describe-architecture.ts'
import { decodeSafetensors, notAModel, type StoredTensor } from './encode-safetensors.ts'
import type { Tensorflow } from './load-tensorflow.ts'
import type { Ensemble } from './members.ts'
import {
  architectureSchema,
  descriptionSchema,
  FORMATS,
  labelsSchema,
  memberSchema,
  normalisationSchema,
  type DescribedNormalisation,
  type ModelDescription,
} from './model-file.ts'
import type { Normalisation } from './normalise-inputs.ts'

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
