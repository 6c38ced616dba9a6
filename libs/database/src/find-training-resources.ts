import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/**
 * Which of these recordings a run has heard on its training side, or on its validation side, which chooses the epoch: mixed into the
 * variants there (or into what they were made from), stored ones or such as are made while it trains, or as recordings themselves.
 */
export async function findTrainingResources(
  db: Queryable,
  runId: string,
  recordings: readonly string[],
): Promise<string[]> {
  const { rows } = await db.query<{ sha256: Buffer }>(
    // The limits keep these look-ups for each clip: without them, all variants may be read into a hash table.
    `with recursive heard as (
       select sha256 from run_clips where run_id = $1 and side <> 'test'
       union
       select made.parent from heard
       cross join lateral (select parent from clip_variants where sha256 = heard.sha256 limit 1000) as made),
     sets as (
       select made.id from heard
       cross join lateral (select resource_set_id as id from clip_variants where sha256 = heard.sha256 limit 1000) as made
       union select resource_set_id from runs where id = $1),
     mixed as (
       select decode(member.sha256, 'hex') as sha256
       from sets join resource_sets s on s.id = sets.id, jsonb_each(s.members) as members (name, clips),
         jsonb_array_elements_text(members.clips) as member (sha256))
     select wanted.sha256 from (select distinct sha256 from unnest($2::bytea[]) as given (sha256)) as wanted
     where wanted.sha256 in (select sha256 from heard) or wanted.sha256 in (select sha256 from mixed)
     order by wanted.sha256`,
    [runId, recordings.map(toBytes)],
  )
  return rows.map(({ sha256 }) => toHex(sha256))
}
