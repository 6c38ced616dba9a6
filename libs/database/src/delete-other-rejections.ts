import type { Queryable } from './create-database.ts'

/** Forgets the rejected files of a dataset but for these paths: what a look at the whole source did not meet again. */
export async function deleteOtherRejections(db: Queryable, datasetId: number, kept: Iterable<string>): Promise<number> {
  const { rowCount } = await db.query(
    `delete from rejected_files file
     where dataset_id = $1 and not exists (select from unnest($2::text[]) as kept (path) where kept.path = file.path)`,
    [datasetId, [...kept]],
  )
  return rowCount
}
