import type { Queryable } from './create-database.ts'

/** Takes paths out of a dataset; their clips stay, other datasets and finished runs may use them. Returns how many. */
export async function deleteDatasetClips(db: Queryable, datasetId: number, paths: readonly string[]): Promise<number> {
  if (paths.length === 0) return 0
  const { rowCount } = await db.query('delete from dataset_clips where dataset_id = $1 and path = any($2::text[])', [
    datasetId,
    paths,
  ])
  return rowCount
}
