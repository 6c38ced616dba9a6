import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'

export type FeatureRow = {
  readonly sha256: string
  /** Of a matrix; null for a vector. */
  readonly frames: number | null
  /** As they are stored. */
  readonly bytes: Uint8Array
}

/**
 * Stores what a feature set has of clips, all in one statement. What is there stays, a clip that has vanished gets nothing, and a failure
 * that was recorded for a clip is forgotten.
 *
 * @param featureSet The feature set's `rowId`.
 * @returns How many are new.
 */
export async function storeFeatureRows(
  db: Queryable,
  featureSet: number,
  { column, rows }: { readonly column: 'vector' | 'matrix'; readonly rows: readonly FeatureRow[] },
): Promise<number> {
  if (rows.length === 0) return 0
  const stored = await db.query<{ stored: number }>(
    // All bytes travel as one binary value, of which each clip takes its slice: an array would go as text, twice as long.
    `with input as (
       select sha256, frames, first, length
       from unnest($2::bytea[], $3::int[], $4::int[], $5::int[]) as given (sha256, frames, first, length)),
     stored as (
       insert into feature_vectors (feature_set_id, sha256, frames, ${column})
       select $1, input.sha256, input.frames, substring($6::bytea from input.first for input.length)
       from input
       cross join lateral (select true from clips where clips.sha256 = input.sha256 limit 1) as clip
       order by input.sha256
       on conflict (sha256, feature_set_id) do nothing
       returning 1),
     mended as (
       delete from feature_failures where feature_set_id = $1 and sha256 = any($2::bytea[]))
     select count(*) as stored from stored`,
    [
      featureSet,
      rows.map(({ sha256 }) => toBytes(sha256)),
      rows.map(({ frames }) => frames),
      startsOf(rows.map(({ bytes }) => bytes.length)),
      rows.map(({ bytes }) => bytes.length),
      Buffer.concat(rows.map(({ bytes }) => bytes)),
    ],
  )
  return stored.rows[0].stored
}

/** Counted from one, as SQL does. */
function startsOf(lengths: readonly number[]): number[] {
  let at = 1
  return lengths.map((length) => (at += length) - length)
}
