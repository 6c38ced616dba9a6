import type { Queryable } from './create-database.ts'
import { storeFeatureRows } from './store-feature-rows.ts'

export type MatrixRow = {
  readonly sha256: string
  readonly frames: number
  /** As it is stored. */
  readonly matrix: Uint8Array
}

/** Stores matrices of a feature set, as `storeFeatureRows` does. Returns how many are new. */
export async function upsertMatrices(
  db: Queryable,
  featureSet: number,
  matrices: readonly MatrixRow[],
): Promise<number> {
  const rows = matrices.map(({ sha256, frames, matrix }) => ({ sha256, frames, bytes: matrix }))
  return storeFeatureRows(db, featureSet, { column: 'matrix', rows })
}
