import { featureSetId, type FeatureSpec } from '@ser/contracts'
import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import { findFeatureSet, type StoredFeatureSet } from './find-feature-set.ts'

/** The feature set of a spec and an extractor's version, which is made when it is not there. */
export async function ensureFeatureSet(db: Queryable, spec: FeatureSpec, extractor: string): Promise<StoredFeatureSet> {
  const id = featureSetId(spec, extractor)
  const found = await findFeatureSet(db, id)
  if (found !== undefined) return found
  const { rows } = await db.query<{ id: number }>(
    // Updates nothing, but locks and returns the row of whoever was faster.
    `insert into feature_sets (hash, spec, extractor) values ($1, $2, $3)
     on conflict (hash) do update set hash = excluded.hash returning id`,
    [toBytes(id), JSON.stringify(spec), extractor],
  )
  return { rowId: rows[0].id, id, spec, extractor }
}
