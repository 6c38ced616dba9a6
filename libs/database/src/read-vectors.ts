import { SerError } from '@ser/contracts'
import { clipQuery, copyRows, findDatasets } from './copy-clips.ts'
import type { Database } from './create-database.ts'
import { createVectorParser, type VectorClip } from './parse-vector-rows.ts'

export type VectorTable = {
  /** Values of one vector. */
  readonly length: number
  /** The vectors one after the other, [clips, length]. */
  readonly values: Float32Array
  /** The clip of each vector, ordered by SHA-256. */
  readonly clips: VectorClip[]
}

export type VectorSelection = {
  /** Names of datasets. A clip that lies under several paths is one row, with what its first path says of it. */
  readonly datasets: readonly string[]
  /** The feature set's `rowId`. */
  readonly featureSet: number
  /** Values of one vector. */
  readonly length: number
}

/**
 * Reads every vector of a feature set for the clips of datasets, in one pass (COPY BINARY) straight into one array.
 * The order is that of the SHA-256s, whatever was stored when; "first path" is by the dataset's name, then the path.
 *
 * @throws SerError VECTOR_LENGTH (conflict) when a stored vector is not of the length asked for.
 */
export async function readVectors(db: Database, selection: VectorSelection): Promise<VectorTable> {
  const ids = await findDatasets(db, selection.datasets)
  const { rows } = await db.query<{ paths: number }>(
    'select count(*) as paths from dataset_clips where dataset_id = any($1::int[])',
    [ids],
  )
  // There are at most as many vectors as paths; clips that are added meanwhile make the array grow.
  const table = createTable(selection.length, rows[0].paths)
  await copyRows(db, vectorQuery(ids, selection.featureSet), createVectorParser(table))
  return table.finish()
}

/** What `readVectors` copies. */
export function vectorQuery(datasets: readonly number[], featureSet: number): string {
  return clipQuery(datasets, featureSet, 'values')
}

function createTable(length: number, expected: number) {
  let values = new Float32Array(expected * length)
  const clips: VectorClip[] = []
  return {
    reserve(found: number): Float32Array {
      if (found !== length)
        throw new SerError('VECTOR_LENGTH', `a stored vector has ${found} values instead of ${length}`, {
          kind: 'conflict',
        })
      const start = clips.length * length
      if (start + length > values.length) {
        const grown = new Float32Array(Math.max(start + length, Math.ceil(values.length * 1.25)))
        grown.set(values)
        values = grown
      }
      return values.subarray(start, start + length)
    },
    add: (clip: VectorClip) => void clips.push(clip),
    finish: (): VectorTable => ({ length, values: values.subarray(0, clips.length * length), clips }),
  }
}
