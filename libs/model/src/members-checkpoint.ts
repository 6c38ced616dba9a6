import { z } from 'zod'
import { unusableCheckpoint } from './checkpoint-file.ts'
import { decodeSafetensors, encodeSafetensors } from './encode-safetensors.ts'
import type { WeightValues } from './update-weights.ts'

/** A network whose training is over. */
export type FinishedMember = {
  /** The hash of everything that decided its numbers. */
  readonly recipe: string
  readonly epochs: number
  readonly weights: WeightValues
}

/** The training of several networks: those that are done, and the checkpoint of the one that is trained. */
export type MembersProgress = { readonly finished: readonly FinishedMember[]; readonly current: Uint8Array }

const FORMAT = 'ser-members-checkpoint/1'
const HEADER_BYTES = 8

const finishedSchema = z.array(z.strictObject({ recipe: z.string(), epochs: z.int().min(0) }))

/**
 * The progress as one file: the length of the first part as a little-endian uint64, the first part, a safetensors file with the
 * weights of the networks that are done (`1/lstm_1/kernel`), and the checkpoint of the current one.
 */
export function joinProgress({ finished, current }: MembersProgress): Uint8Array {
  const done = encodeSafetensors({
    metadata: {
      format: FORMAT,
      finished: JSON.stringify(finished.map(({ recipe, epochs }) => ({ recipe, epochs }))),
    },
    tensors: finished.flatMap(({ weights }, index) =>
      Array.from(weights, ([name, values]) => ({ name: `${index + 1}/${name}`, shape: [values.length], values })),
    ),
  })
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeBigUInt64LE(BigInt(done.length))
  return Buffer.concat([header, done, current])
}

/**
 * Reads what `joinProgress` wrote.
 *
 * @param recipes of all networks, in the order in which they are trained
 * @throws SerError CHECKPOINT_UNUSABLE (conflict): damaged, or of another training
 */
export function readProgress(bytes: Uint8Array, recipes: readonly string[]): MembersProgress {
  const { metadata, tensors, current } = readParts(bytes)
  if (metadata['format'] !== FORMAT) throw unusableCheckpoint('it is not one of several networks')
  const described = finishedSchema.safeParse(JSON.parse(metadata['finished'] ?? 'null'))
  if (!described.success) throw unusableCheckpoint('its networks are not understood', described.error)
  const isOurs =
    described.data.length < recipes.length && described.data.every(({ recipe }, index) => recipe === recipes[index])
  if (!isOurs) throw unusableCheckpoint('it is of a training with other recordings, options or code')
  return {
    current,
    finished: described.data.map((each, index) => {
      const prefix = `${index + 1}/`
      const own = tensors.filter(({ name }) => name.startsWith(prefix))
      return { ...each, weights: new Map(own.map(({ name, values }) => [name.slice(prefix.length), values])) }
    }),
  }
}

function readParts(bytes: Uint8Array) {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = file.length < HEADER_BYTES ? Infinity : HEADER_BYTES + Number(file.readBigUInt64LE(0))
  if (end > file.length) throw unusableCheckpoint('it is cut off')
  try {
    return { ...decodeSafetensors(file.subarray(HEADER_BYTES, end)), current: file.subarray(end) }
  } catch (error) {
    throw unusableCheckpoint('it is damaged', error)
  }
}
