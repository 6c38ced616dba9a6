import type { Source } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/** Whether everything that was ever put into a dataset came from this source, so that what it lacks is gone. */
export async function hasOneSource(db: Queryable, datasetId: number, source: Source): Promise<boolean> {
  const { rows } = await db.query<{ one: boolean }>(
    `select not exists (select from ingestions where dataset_id = $1 and request -> 'source' <> $2::jsonb)
         and not exists (select from augmentations where into_dataset_id = $1) as one`,
    [datasetId, JSON.stringify(source)],
  )
  return rows[0].one
}
