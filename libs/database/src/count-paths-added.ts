import type { Queryable } from './create-database.ts'

/** How many paths a dataset has gained since a time, given in Postgres' own text. */
export async function countPathsAdded(db: Queryable, datasetId: number, since: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*) as count from dataset_clips where dataset_id = $1 and created_at >= $2::timestamptz',
    [datasetId, since],
  )
  return rows[0].count
}
