import type { Queryable } from './create-database.ts'
import { storeFeatureRows } from './store-feature-rows.ts'

export type VectorRow = { readonly sha256: string; readonly values: Float32Array }

/** Stores vectors of a feature set, as `storeFeatureRows` does: their floats as they lie in memory. Returns how many are new. */
export async function upsertVectors(db: Queryable, featureSet: number, vectors: readonly VectorRow[]): Promise<number> {
  const rows = vectors.map(({ sha256, values: { buffer, byteOffset, byteLength } }) => ({
    sha256,
    frames: null,
    bytes: new Uint8Array(buffer, byteOffset, byteLength),
  }))
  return storeFeatureRows(db, featureSet, { column: 'vector', rows })
}
