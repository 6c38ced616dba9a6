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
  const { rows } = await db.query<Omit<FeatureProgress, 'featureSetId'>>(
    `with mine as materialized (
       select distinct sha256 from dataset_clips where dataset_id = (select id from datasets where name = $1)),
     chosen as (select id from feature_sets where hash = decode($2, 'hex'))
     select count(*) as clips, count(v.sha256) as vectors, count(f.sha256) filter (where v.sha256 is null) as failed
     from mine
     left join feature_vectors v on v.sha256 = mine.sha256 and v.feature_set_id = (select id from chosen)
     left join feature_failures f on f.sha256 = mine.sha256 and f.feature_set_id = (select id from chosen)`,
    [dataset, featureSetId],
  )
  return { featureSetId, ...rows[0] }
}
