import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import { encodeRealArray } from './encode-real-array.ts'

export type VectorRow = { readonly sha256: string; readonly values: Float32Array }

/**
 * Stores vectors of a feature set, all in one statement. A vector that is there stays, a clip that has vanished gets
 * none, and a failure that was recorded for a clip is forgotten.
 * @param featureSet The feature set's `rowId`.
 * @returns How many are new.
 */
export async function upsertVectors(db: Queryable, featureSet: number, vectors: readonly VectorRow[]): Promise<number> {
  if (vectors.length === 0) return 0
  const ends: number[] = []
  for (const { values } of vectors) ends.push((ends.at(-1) ?? 0) + values.length)
  const { rows } = await db.query<{ stored: number }>(
    // All values travel as one array, of which each clip takes its slice: unnest would flatten an array of arrays.
    `with input as (
       select sha256, first, last from unnest($2::bytea[], $3::int[], $4::int[]) as vector (sha256, first, last)),
     stored as (
       insert into feature_vectors (feature_set_id, sha256, values)
       select $1, input.sha256, ($5::real[])[input.first:input.last]
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
      vectors.map(({ sha256 }) => toBytes(sha256)),
      ends.map((end, index) => end - vectors[index].values.length + 1),
      ends,
      encodeRealArray(vectors.map(({ values }) => values)),
    ],
  )
  return rows[0].stored
}
