import type { Queryable } from './create-database.ts'

export type ForgottenFailures = {
  readonly datasetId: number
  /** The feature set's `rowId`. */
  readonly featureSet: number
  /** Only failures of this code. */
  readonly code?: string | undefined
}

/** Deletes the recorded failures of a dataset's clips, which then owe their vectors again. Returns how many there were. */
export async function forgetFeatureFailures(
  db: Queryable,
  { datasetId, featureSet, code }: ForgottenFailures,
): Promise<number> {
  const { rowCount } = await db.query(
    // A join would have Postgres hash all clips; each of the failures is looked up instead.
    `delete from feature_failures f
     where f.feature_set_id = $2 and ($3::text is null or f.code = $3)
       and (select true from dataset_clips where sha256 = f.sha256 and dataset_id = $1 limit 1)`,
    [datasetId, featureSet, code ?? null],
  )
  return rowCount
}
