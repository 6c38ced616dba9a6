import { SerError, type FeatureProgress } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/**
 * How far the vectors of a dataset are, for each feature set that an ingestion or augmentation asked for or that has
 * begun.
 * Counts distinct clips: the same bytes under two paths are one clip and owe one vector.
 *
 * @throws SerError DATASET_NOT_FOUND (gone).
 */
export async function listFeatureProgress(db: Queryable, dataset: string): Promise<FeatureProgress[]> {
  const found = await db.query<{ id: number }>('select id from datasets where name = $1', [dataset])
  const id = found.rows[0]?.id
  if (id === undefined) {
    throw new SerError('DATASET_NOT_FOUND', `there is no dataset named ${dataset}`, { kind: 'gone', ids: { dataset } })
  }
  const { rows } = await db.query<FeatureProgress>(
    `with mine as materialized (select distinct sha256 from dataset_clips where dataset_id = $1),
          done as (select v.feature_set_id as id, count(*) as n from mine join feature_vectors v using (sha256) group by 1),
          failed as (select f.feature_set_id as id, count(*) as n from mine join feature_failures f using (sha256) group by 1)
     select encode(s.hash, 'hex') as "featureSetId", (select count(*) from mine) as clips,
            coalesce(done.n, 0) as vectors, coalesce(failed.n, 0) as failed
     from feature_sets s left join done on done.id = s.id left join failed on failed.id = s.id
     where done.n > 0 or failed.n > 0
        or exists (select from ingestions i where i.dataset_id = $1 and i.request -> 'featureSet' = s.spec)
        or exists (select from augmentations a where a.into_dataset_id = $1 and a.request -> 'featureSet' = s.spec)
     order by s.id`,
    [id],
  )
  return rows
}
