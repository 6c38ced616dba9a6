import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'

export type OwingClip = { readonly sha256: string; readonly objectKey: string; readonly bytes: number }

/**
 * Of these clips, those that are stored and have neither a vector of the feature set nor a recorded failure.
 * @param featureSet The feature set's `rowId`.
 */
export async function findClipsOwingVectors(
  db: Queryable,
  featureSet: number,
  clips: readonly string[],
): Promise<OwingClip[]> {
  const { rows } = await db.query<{ sha256: Buffer; objectKey: string; bytes: number }>(
    // Lateral with a limit, here and elsewhere: a probe of one partition's index for each clip. As plain joins, Postgres
    // takes each probe to go through all partitions, and so would rather read tables of a million rows from end to end.
    `select wanted.sha256, clip.object_key as "objectKey", clip.bytes
     from unnest($2::bytea[]) as wanted (sha256)
     cross join lateral (select object_key, bytes from clips where clips.sha256 = wanted.sha256 limit 1) as clip
     left join lateral (
       select true as found from feature_vectors v where v.sha256 = wanted.sha256 and v.feature_set_id = $1 limit 1
     ) as done on true
     left join lateral (
       select true as found from feature_failures f where f.sha256 = wanted.sha256 and f.feature_set_id = $1 limit 1
     ) as failed on true
     where done.found is null and failed.found is null
     order by wanted.sha256`,
    [featureSet, [...new Set(clips)].map(toBytes)],
  )
  return rows.map((row) => ({ ...row, sha256: toHex(row.sha256) }))
}
