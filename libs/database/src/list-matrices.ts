import { SerError } from '@ser/contracts'
import { copyClips, type ClipSelection } from './copy-clips.ts'
import type { Database } from './create-database.ts'
import type { VectorClip } from './parse-clip-rows.ts'

/** A clip that has a matrix, and how many frames that has. */
export type MatrixClip = VectorClip & { readonly frames: number }

/**
 * The clips of datasets that have a matrix of a feature set, without the matrices, in the order of their SHA-256s.
 *
 * @throws SerError NOT_A_MATRIX (conflict) when the feature set has vectors.
 */
export async function listMatrices(db: Database, selection: ClipSelection): Promise<MatrixClip[]> {
  const shares = await copyClips(db, selection, { column: 'frames', openStore: createFrameStore })
  return shares.flatMap(({ clips, places, store }) =>
    clips.map((clip, at) => ({ ...clip, frames: store.frames[places[at]] })),
  )
}

function createFrameStore() {
  const frames: number[] = []
  return {
    frames,
    add(field: Buffer | null) {
      if (field === null) throw new SerError('NOT_A_MATRIX', 'the feature set has vectors', { kind: 'conflict' })
      frames.push(field.readInt32BE(0))
    },
  }
}
