import { SerError } from '@ser/contracts'
import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import type { MatrixRow } from './upsert-matrices.ts'

/** Frames that are read in one statement, some ten megabytes; a longer matrix is read by itself. */
const FRAMES_AT_ONCE = 2 ** 15

/**
 * Reads the matrices of clips, in the order asked for, a few at a time: however many they are, little of them is in memory.
 *
 * @param featureSet The feature set's `rowId`.
 * @throws SerError MATRIX_GONE (conflict) when one of them is not there.
 */
export async function* readMatrices(
  db: Queryable,
  featureSet: number,
  clips: readonly { readonly sha256: string; readonly frames: number }[],
): AsyncGenerator<readonly MatrixRow[]> {
  for (const part of divide(clips)) {
    const { rows } = await db.query<{ sha256: Buffer; frames: number; matrix: Buffer }>(matrixQuery, [
      featureSet,
      part.map(({ sha256 }) => toBytes(sha256)),
    ])
    if (rows.length !== part.length) {
      const message = `${part.length - rows.length} matrices that were there are gone: reconcile, and try again`
      throw new SerError('MATRIX_GONE', message, { kind: 'conflict', ids: { featureSet } })
    }
    yield rows.map((row) => ({ ...row, sha256: toHex(row.sha256) }))
  }
}

const matrixQuery = `
  select wanted.sha256, vector.frames, vector.matrix
  from unnest($2::bytea[]) with ordinality as wanted (sha256, place)
  cross join lateral (
    select v.frames, v.matrix from feature_vectors v
    where v.sha256 = wanted.sha256 and v.feature_set_id = $1 and v.matrix is not null limit 1
  ) as vector
  order by wanted.place`

function* divide<Clip extends { readonly frames: number }>(clips: readonly Clip[]): Generator<Clip[]> {
  let part: Clip[] = []
  let frames = 0
  for (const clip of clips) {
    if (part.length > 0 && frames + clip.frames > FRAMES_AT_ONCE) {
      yield part
      part = []
      frames = 0
    }
    part.push(clip)
    frames += clip.frames
  }
  if (part.length > 0) yield part
}
