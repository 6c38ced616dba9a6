import { featureSpecSchema, type FeatureSet } from '@ser/contracts'
import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/** A feature set as it is stored: `rowId` is the short number that each vector carries instead of the hash. */
export type StoredFeatureSet = FeatureSet & { readonly rowId: number }

/** The feature set of this hash, or nothing when nobody has asked for it yet. */
export async function findFeatureSet(db: Queryable, id: string): Promise<StoredFeatureSet | undefined> {
  const { rows } = await db.query<{ id: number; spec: unknown; extractor: string }>(
    'select id, spec, extractor from feature_sets where hash = $1',
    [toBytes(id)],
  )
  if (rows.length === 0) return undefined
  return { rowId: rows[0].id, id, spec: featureSpecSchema.parse(rows[0].spec), extractor: rows[0].extractor }
}
