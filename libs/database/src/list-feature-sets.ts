import { featureSpecSchema, type FeatureSetResource } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

type FeatureSetRow = { id: string; spec: unknown; extractor: string; vectors: number; created_at: Date }

/** Every feature set, oldest first, with its number of vectors. */
export async function listFeatureSets(db: Queryable): Promise<FeatureSetResource[]> {
  const { rows } = await db.query<FeatureSetRow>(`
    select encode(s.hash, 'hex') as id, s.spec, s.extractor, s.created_at, coalesce(v.n, 0) as vectors
    from feature_sets s
    left join (select feature_set_id, sum(vectors)::bigint as n from feature_set_counts group by 1) v on v.feature_set_id = s.id
    order by s.id`)
  return rows.map(({ created_at, spec, ...row }) => ({
    ...row,
    spec: featureSpecSchema.parse(spec),
    createdAt: created_at.toISOString(),
  }))
}
