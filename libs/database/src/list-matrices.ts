import { SerError } from '@ser/contracts'
import { clipQuery, copyRows, findDatasets } from './copy-clips.ts'
import type { Database } from './create-database.ts'
import { createClipParser, type VectorClip } from './parse-vector-rows.ts'
import type { VectorSelection } from './read-vectors.ts'

/** A clip that has a matrix, and how many frames that has. */
export type MatrixClip = VectorClip & { readonly frames: number }

/**
 * The clips of datasets that have a matrix of a feature set, without the matrices, in the order of their SHA-256s. A clip that lies
 * under several paths is one, with what its first path says of it.
 *
 * @throws SerError NOT_A_MATRIX (conflict) when the feature set has vectors.
 */
export async function listMatrices(
  db: Database,
  { datasets, featureSet }: Pick<VectorSelection, 'datasets' | 'featureSet'>,
): Promise<MatrixClip[]> {
  const ids = await findDatasets(db, datasets)
  const clips: MatrixClip[] = []
  let frames = 0
  const parser = createClipParser({
    read: (field) => {
      if (field === null) throw new SerError('NOT_A_MATRIX', 'the feature set has vectors', { kind: 'conflict' })
      frames = field.readInt32BE(0)
    },
    add: (clip) => void clips.push({ ...clip, frames }),
  })
  await copyRows(db, matrixListQuery(ids, featureSet), parser)
  return clips
}

/** What `listMatrices` copies. */
export function matrixListQuery(datasets: readonly number[], featureSet: number): string {
  return clipQuery(datasets, featureSet, 'frames')
}
