import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/** How many of these clips are recordings of a dataset, or were made from the same original as one of them. */
export async function countCommonRecordings(db: Queryable, dataset: string, clips: readonly string[]): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `with mine as (
       select distinct sha256 from dataset_clips where dataset_id = (select id from datasets where name = $1)),
     roots as (
       select sha256 as root from mine
       union select v.root from mine join clip_variants v on v.sha256 = mine.sha256)
     select count(*) as count from unnest($2::bytea[]) as wanted (sha256)
     where exists (select from roots where root = wanted.sha256)
        or exists (select from clip_variants v join roots using (root) where v.sha256 = wanted.sha256)`,
    [dataset, clips.map(toBytes)],
  )
  return rows[0].count
}
