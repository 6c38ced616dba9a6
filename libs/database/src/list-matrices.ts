import { SerError } from '@ser/contracts'
import { copyClips, type ClipSelection } from './copy-clips.ts'
import type { Database } from './create-database.ts'
import type { VectorClip } from './read-clip-paths.ts'

/** A clip that has a matrix, and how many frames that has. */
export type MatrixClip = VectorClip & { readonly frames: number }

/**
 * The clips of datasets that have a matrix of a feature set, without the matrices, in the order of their SHA-256s.
 *
 * @throws SerError NOT_A_MATRIX (conflict) when the feature set has vectors.
 */
export async function listMatrices(db: Database, selection: ClipSelection): Promise<MatrixClip[]> {
  const frames: number[] = []
  const add = (data: Buffer, start: number, length: number) => {
    if (length < 0) throw new SerError('NOT_A_MATRIX', 'the feature set has vectors', { kind: 'conflict' })
    frames.push(data.readInt32BE(start))
  }
  const { clips, places } = await copyClips(db, selection, { column: 'frames', add })
  return clips.map((clip, at) => ({ ...clip, frames: frames[places[at]] }))
}
