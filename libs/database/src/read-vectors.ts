import { SerError } from '@ser/contracts'
import { copyClips, type ClipSelection } from './copy-clips.ts'
import type { Database } from './create-database.ts'
import type { VectorClip } from './parse-clip-rows.ts'

const FLOAT_BYTES = 4

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
  const openStore = (rows: number) => createVectorStore(length, rows)
  const shares = await copyClips(db, selection, { column: 'vector', openStore })
  return {
    length,
    clips: shares.flatMap(({ clips }) => clips),
    at(row) {
      let place = row
      for (const { clips, places, store } of shares) {
        if (place < clips.length) return store.at(places[place])
        place -= clips.length
      }
      throw new RangeError(`there is no row ${row}`)
    },
  }
}

/** Vectors one after the other, in one array that grows where more come than were expected. */
function createVectorStore(length: number, expected: number) {
  // A share of SHA-256s is not the same number each time: with so much more, it nearly never grows.
  let values = new Float32Array(Math.ceil(expected * 1.02 + 64) * length)
  let end = 0
  return {
    add(field: Buffer | null) {
      if (field?.length !== length * FLOAT_BYTES) throw wrongLength(field, length)
      if (end + length > values.length) {
        const grown = new Float32Array(Math.ceil(values.length * 1.25))
        grown.set(values)
        values = grown
      }
      new Uint8Array(values.buffer, end * FLOAT_BYTES, field.length).set(field)
      end += length
    },
    at: (place: number) => values.subarray(place * length, (place + 1) * length),
  }
}

function wrongLength(field: Buffer | null, length: number): SerError {
  const found =
    field === null
      ? 'a matrix is stored instead of a vector'
      : `a stored vector has ${field.length / FLOAT_BYTES} values`
  return new SerError('VECTOR_LENGTH', `${found}, not ${length}`, { kind: 'conflict' })
}
