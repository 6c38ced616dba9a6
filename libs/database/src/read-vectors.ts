import { SerError } from '@ser/contracts'
import { copyClips, type AddField, type ClipSelection } from './copy-clips.ts'
import type { Database } from './create-database.ts'
import type { VectorClip } from './read-clip-paths.ts'

const FLOAT_BYTES = 4
/** Of the arrays that vectors lie in: none is ever moved because more come than were expected. */
const BLOCK_FLOATS = 2 ** 20

export type VectorTable = {
  /** Values of one vector. */
  readonly length: number
  /** The clip of each vector, ordered by SHA-256. */
  readonly clips: readonly VectorClip[]
  /** The vector of a clip, by its place among `clips`: a view, not a copy. */
  readonly at: (row: number) => Float32Array
}

export type VectorSelection = ClipSelection & {
  /** Values of one vector. */
  readonly length: number
}

/**
 * Reads every vector of a feature set for the clips of datasets, in one pass (COPY BINARY), each straight to where it stays.
 *
 * @throws SerError VECTOR_LENGTH (conflict) when a stored vector is not of the length asked for.
 */
export async function readVectors(db: Database, { length, ...selection }: VectorSelection): Promise<VectorTable> {
  const store = createVectorStore(length)
  const { clips, places } = await copyClips(db, selection, { column: 'vector', add: store.add })
  return {
    length,
    clips,
    at(row) {
      if (!(row in clips)) throw new RangeError(`there is no row ${row}`)
      return store.at(places[row])
    },
  }
}

function createVectorStore(length: number): { readonly add: AddField; readonly at: (place: number) => Float32Array } {
  const vectors = Math.max(1, Math.floor(BLOCK_FLOATS / length))
  const blocks: Float32Array[] = []
  let bytes = new Uint8Array()
  let free = 0
  return {
    add(data: Buffer, start: number, fieldBytes: number) {
      if (fieldBytes !== length * FLOAT_BYTES) throw wrongLength(fieldBytes, length)
      if (free === bytes.length) {
        const block = new Float32Array(vectors * length)
        blocks.push(block)
        bytes = new Uint8Array(block.buffer)
        free = 0
      }
      bytes.set(new Uint8Array(data.buffer, data.byteOffset + start, fieldBytes), free)
      free += fieldBytes
    },
    at(place: number) {
      const first = (place % vectors) * length
      return blocks[Math.floor(place / vectors)].subarray(first, first + length)
    },
  }
}

function wrongLength(fieldBytes: number, length: number): SerError {
  const found =
    fieldBytes < 0 ? 'a matrix is stored instead of a vector' : `a stored vector has ${fieldBytes / FLOAT_BYTES} values`
  return new SerError('VECTOR_LENGTH', `${found}, not ${length}`, { kind: 'conflict' })
}
