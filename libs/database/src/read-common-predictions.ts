import type { Queryable } from './create-database.ts'

export type CommonPredictions = {
  /** How many clips both runs were tested on. */
  readonly count: number
  /** Of these clips, `limit` at most: the true class and what each run says. */
  readonly truth: readonly number[]
  readonly first: readonly number[]
  readonly second: readonly number[]
  readonly speakers: readonly string[]
}

/**
 * What two runs say of the clips that both were tested on, under the same label. Neither has trained on any of them, nor on a relative of
 * one: each was on the test side of both, and relatives share their side. Beyond `limit`, those with the smallest hashes, which is a
 * choice at random that is always the same.
 */
export async function readCommonPredictions(
  db: Queryable,
  runs: { readonly first: string; readonly second: string },
  limit: number,
): Promise<CommonPredictions> {
  const { rows } = await db.query<CommonPredictions>(
    `with common as (
       select a.sha256, a.label, a.predicted as first, b.predicted as second, a.speaker
       from run_predictions a join run_predictions b on b.sha256 = a.sha256 and b.label = a.label
       where a.run_id = $1 and b.run_id = $2),
     kept as (select * from common order by sha256 limit $3)
     select (select count(*) from common) as count, coalesce(array_agg(label order by sha256), '{}') as truth,
       coalesce(array_agg(first order by sha256), '{}') as first, coalesce(array_agg(second order by sha256), '{}') as second,
       coalesce(array_agg(speaker order by sha256), '{}') as speakers
     from kept`,
    [runs.first, runs.second, limit],
  )
  return rows[0]
}
