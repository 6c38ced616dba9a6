import type { Source } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/** Whether everything that was ever ingested into a dataset came from this source, so that what it lacks is gone. */
export async function hasOneSource(db: Queryable, datasetId: number, source: Source): Promise<boolean> {
  const { rows } = await db.query<{ one: boolean }>(
    `select not exists (select from ingestions where dataset_id = $1 and request -> 'source' <> $2::jsonb) as one`,
    [datasetId, JSON.stringify(source)],
  )
  return rows[0].one
}
