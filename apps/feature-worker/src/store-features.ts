import { upsertMatrices, upsertVectors, type MatrixRow, type Queryable, type VectorRow } from '@ser/database'
import { readMatrixShape } from '@ser/features'
import type { FeatureValues } from './compute-vector.ts'

export type FeatureStore = {
  /** Keeps what was computed of a clip until there is enough to be stored; then returns when it is. */
  readonly add: (sha256: string, values: FeatureValues) => Promise<void>
  /** Stores what is kept. @returns how many rows are new since the store was created */
  readonly finish: () => Promise<number>
}

/** The vectors of a job are far below it and go in one statement; of matrices a few dozen do, so that memory is bounded. */
const KEPT_BYTES = 8 * 2 ** 20

/** Stores the features of one job in statements of some megabytes. @param featureSet The feature set's `rowId`. */
export function createFeatureStore(db: Queryable, featureSet: number): FeatureStore {
  let vectors: VectorRow[] = []
  let matrices: MatrixRow[] = []
  let bytes = 0
  let stored = 0
  const storeKept = async (): Promise<void> => {
    const kept = { vectors, matrices }
    vectors = []
    matrices = []
    bytes = 0
    const added = [
      await upsertVectors(db, featureSet, kept.vectors),
      await upsertMatrices(db, featureSet, kept.matrices),
    ]
    // Only now: other clips of the job are stored meanwhile.
    stored += added[0] + added[1]
  }
  return {
    async add(sha256, values) {
      if (values instanceof Float32Array) vectors.push({ sha256, values })
      else matrices.push({ sha256, frames: readMatrixShape(values).frames, matrix: values })
      bytes += values.byteLength
      if (bytes >= KEPT_BYTES) await storeKept()
    },
    async finish() {
      await storeKept()
      return stored
    },
  }
}
