import { SerError } from '@ser/contracts'
import { z } from 'zod'
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from './encode-safetensors.ts'
import { continueGenerator } from './generate-random.ts'
import type { TrainingState } from './training-state.ts'
import type { WeightValues } from './update-weights.ts'

/** The version of what the metadata of our checkpoints say. */
const FORMAT = 'ser-checkpoint/2'

const word = z.int().min(0).max(0xffff_ffff)
const generatorSchema = z.tuple([word, word, word, word])
const watchSchema = z.strictObject({ value: z.number().nullable(), epoch: z.int().min(0), wait: z.int().min(0) })

const stateSchema = z.strictObject({
  epoch: z.int().min(1),
  step: z.int().min(1),
  shuffle: generatorSchema,
  dropout: generatorSchema,
  noise: generatorSchema,
  mixup: generatorSchema,
  inputs: generatorSchema,
  crop: generatorSchema,
  stopping: watchSchema,
  plateau: z.strictObject({ watch: watchSchema, factor: z.number() }),
  /** Whether the weights of the best epoch are there. */
  best: z.boolean(),
})

/**
 * A training after some epoch as one file: safetensors with the weights (`weights/...`), Adam's moments (`first/...`, `second/...`),
 * the best epoch's weights (`best/...`), and as metadata `format`, `recipe` and `state`.
 *
 * @param recipe a hash of everything that decides the numbers: only the same training can go on with it
 */
export function saveCheckpoint(state: TrainingState, recipe: string): Uint8Array {
  const { epoch, weights, moments, shuffle, dropout, noise, mixup, inputs, crop, stopping, plateau, best } = state
  const described: z.input<typeof stateSchema> = {
    epoch,
    step: moments.step,
    shuffle: [...shuffle.state()],
    dropout: [...dropout.state()],
    noise: [...noise.state()],
    mixup: [...mixup.state()],
    inputs: [...inputs.state()],
    crop: [...crop.state()],
    stopping,
    plateau,
    best: best !== undefined,
  }
  return encodeSafetensors({
    metadata: { format: FORMAT, recipe, state: JSON.stringify(described) },
    tensors: [
      ...tensorsOf('weights', weights),
      ...tensorsOf('first', moments.first),
      ...tensorsOf('second', moments.second),
      ...(best === undefined ? [] : tensorsOf('best', best)),
    ],
  })
}

/**
 * Reads what `saveCheckpoint` wrote.
 *
 * @param begun the training before its first epoch; it says which weights there must be
 * @throws SerError CHECKPOINT_UNUSABLE (conflict): damaged, or of another training
 */
export function loadCheckpoint(bytes: Uint8Array, begun: TrainingState, recipe: string): TrainingState {
  const { metadata, tensors } = readFile(bytes)
  if (metadata['format'] !== FORMAT)
    throw unusableCheckpoint(`its format is ${metadata['format'] ?? 'not said'}, not ${FORMAT}`)
  if (metadata['recipe'] !== recipe)
    throw unusableCheckpoint('it is of a training with other recordings, options or code')
  const state = readState(metadata['state'])
  const stored = new Map(tensors.map(({ name, values }) => [name, values]))
  const valuesOf = (prefix: string): WeightValues =>
    new Map(
      Array.from(begun.weights, ([name, { length }]) => {
        const values = stored.get(`${prefix}/${name}`)
        if (values?.length !== length)
          throw unusableCheckpoint(`its ${prefix} of ${name} are missing or have another shape`)
        return [name, values]
      }),
    )
  return {
    epoch: state.epoch,
    weights: valuesOf('weights'),
    moments: { step: state.step, first: valuesOf('first'), second: valuesOf('second') },
    shuffle: continueGenerator(state.shuffle),
    dropout: continueGenerator(state.dropout),
    noise: continueGenerator(state.noise),
    mixup: continueGenerator(state.mixup),
    inputs: continueGenerator(state.inputs),
    crop: continueGenerator(state.crop),
    stopping: state.stopping,
    plateau: state.plateau,
    best: state.best ? valuesOf('best') : undefined,
  }
}

function tensorsOf(prefix: string, values: WeightValues): StoredTensor[] {
  return Array.from(values, ([name, each]) => ({ name: `${prefix}/${name}`, shape: [each.length], values: each }))
}

function readFile(bytes: Uint8Array) {
  try {
    return decodeSafetensors(bytes)
  } catch (error) {
    throw unusableCheckpoint('it is damaged', error)
  }
}

function readState(text: string | undefined): z.output<typeof stateSchema> {
  try {
    return stateSchema.parse(JSON.parse(text ?? ''))
  } catch (error) {
    throw unusableCheckpoint('its state is not understood', error)
  }
}

/** The error of a checkpoint that a training cannot go on from. */
export function unusableCheckpoint(reason: string, cause?: unknown): SerError {
  return new SerError('CHECKPOINT_UNUSABLE', `the training cannot go on from this checkpoint: ${reason}`, {
    kind: 'conflict',
    cause,
  })
}
