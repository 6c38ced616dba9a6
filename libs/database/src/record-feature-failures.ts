import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'

export type FeatureFailureRow = { readonly sha256: string; readonly code: string; readonly message: string }

/**
 * Records clips whose vector cannot be made, with a reason that a person can act on; the latest counts.
 * @param featureSet The feature set's `rowId`.
 */
export async function recordFeatureFailures(
  db: Queryable,
  featureSet: number,
  failures: readonly FeatureFailureRow[],
): Promise<void> {
  if (failures.length === 0) return
  const byClip = [...new Map(failures.map((failure) => [failure.sha256, failure])).values()]
  await db.query(
    `insert into feature_failures (feature_set_id, sha256, code, message)
     select $1, failure.sha256, failure.code, failure.message
     from unnest($2::bytea[], $3::text[], $4::text[]) as failure (sha256, code, message)
     order by failure.sha256
     on conflict (feature_set_id, sha256) do update
       set code = excluded.code, message = excluded.message, at = now()`,
    [
      featureSet,
      byClip.map(({ sha256 }) => toBytes(sha256)),
      byClip.map(({ code }) => code),
      byClip.map(({ message }) => message),
    ],
  )
}
