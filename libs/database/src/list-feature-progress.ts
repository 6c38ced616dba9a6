import { SerError, type FeatureProgress } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

// A limit, so that Postgres looks each clip up; there are never so many.
const MOST_FEATURE_SETS = 10_000

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
          done as (
            select v.id, count(*) as n from mine cross join lateral (
              select feature_set_id as id from feature_vectors where sha256 = mine.sha256 limit $2) as v group by 1),
          failed as (
            select f.id, count(*) as n from mine cross join lateral (
              select feature_set_id as id from feature_failures where sha256 = mine.sha256 limit $2) as f group by 1)
     select encode(s.hash, 'hex') as "featureSetId", (select count(*) from mine) as clips,
            coalesce(done.n, 0) as vectors, coalesce(failed.n, 0) as failed
     from feature_sets s left join done on done.id = s.id left join failed on failed.id = s.id
     where done.n > 0 or failed.n > 0
        or exists (select from ingestions i where i.dataset_id = $1 and i.request -> 'featureSet' = s.spec)
        or exists (select from augmentations a where a.into_dataset_id = $1 and a.request -> 'featureSet' = s.spec)
     order by s.id`,
    [id, MOST_FEATURE_SETS],
  )
  return rows
}
