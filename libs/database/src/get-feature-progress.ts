import type { FeatureProgress } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/**
 * How far the vectors of a dataset are for one feature set, which need not exist yet. Counts distinct clips.
 * A dataset that does not exist has none.
 */
export async function getFeatureProgress(
  db: Queryable,
  dataset: string,
  featureSetId: string,
): Promise<FeatureProgress> {
  const ids = await db.query<{ dataset: number | null; featureSet: number | null }>(
    `select (select id from datasets where name = $1) as dataset,
       (select id from feature_sets where hash = decode($2, 'hex')) as "featureSet"`,
    [dataset, featureSetId],
  )
  const { rows } = await db.query<Omit<FeatureProgress, 'featureSetId'>>(
    `with mine as materialized (select distinct sha256 from dataset_clips where dataset_id = $1)
     select count(*) as clips, count(done.found) as vectors, count(failed.found) filter (where done.found is null) as failed
     from mine
     left join lateral (
       select true as found from feature_vectors v where v.sha256 = mine.sha256 and v.feature_set_id = $2 limit 1
     ) as done on true
     left join lateral (
       select true as found from feature_failures f where f.sha256 = mine.sha256 and f.feature_set_id = $2 limit 1
     ) as failed on true`,
    [ids.rows[0].dataset, ids.rows[0].featureSet],
  )
  return { featureSetId, ...rows[0] }
}
