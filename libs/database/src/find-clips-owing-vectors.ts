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
    `select clip.sha256, clip.object_key as "objectKey", clip.bytes
     from unnest($2::bytea[]) as wanted (sha256)
     join clips clip using (sha256)
     where not exists (
         select from feature_vectors done where done.sha256 = wanted.sha256 and done.feature_set_id = $1)
       and not exists (
         select from feature_failures failed where failed.sha256 = wanted.sha256 and failed.feature_set_id = $1)
     order by clip.sha256`,
    [featureSet, [...new Set(clips)].map(toBytes)],
  )
  return rows.map((row) => ({ ...row, sha256: toHex(row.sha256) }))
}
