import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'

const BATCH_CLIPS = 10_000

/** How many seconds these recordings last together, and the longest one. */
export async function measureRecordings(
  db: Queryable,
  recordings: readonly string[],
): Promise<{ readonly seconds: number; readonly longest: number }> {
  let [seconds, longest] = [0, 0]
  for (let start = 0; start < recordings.length; start += BATCH_CLIPS) {
    const { rows } = await db.query<{ seconds: number; longest: number }>(
      `select coalesce(sum(clip.seconds), 0)::float8 as seconds, coalesce(max(clip.seconds), 0)::float8 as longest
       from unnest($1::bytea[]) as wanted (sha256)
       cross join lateral (select frames::float8 / sample_rate as seconds from clips where sha256 = wanted.sha256 limit 1) as clip`,
      [recordings.slice(start, start + BATCH_CLIPS).map(toBytes)],
    )
    seconds += rows[0].seconds
    longest = Math.max(longest, rows[0].longest)
  }
  return { seconds, longest }
}
