import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import { findDataset } from './find-dataset.ts'

/** How many of these clips are recordings of a dataset, or were made from the same original as one of them. */
export async function countCommonRecordings(db: Queryable, dataset: string, clips: readonly string[]): Promise<number> {
  // As a number the planner knows it, and how many paths it has. No dataset has the number 0.
  const id = (await findDataset(db, dataset)) ?? 0
  const { rows } = await db.query<{ count: number }>(
    `with mine as (
       select distinct sha256 from dataset_clips where dataset_id = $1),
     roots as (
       select sha256 as root from mine
       union select origin.root from mine
       cross join lateral (select root from clip_roots where sha256 = mine.sha256 limit 1) as origin)
     select count(*) as count from unnest($2::bytea[]) as wanted (sha256)
     where exists (select from roots where root = wanted.sha256)
        or exists (
          -- The limit keeps this a look-up for each clip: without it, all variants may be read into a hash table.
          select from (select root from clip_variants where sha256 = wanted.sha256 limit 1000) as origin join roots using (root))`,
    [id, clips.map(toBytes)],
  )
  return rows[0].count
}
