import type { IngestRequest, Ingestion } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { INGESTION_COLUMNS, toIngestion, type IngestionRow } from './ingestion-row.ts'

/**
 * Writes down that a dataset is to be ingested; makes the dataset when it is new. The job follows the row.
 *
 * @param ingestion.id A fresh UUID.
 */
export async function createIngestion(
  db: Queryable,
  ingestion: { readonly id: string; readonly request: IngestRequest },
): Promise<Ingestion> {
  // The update does nothing but make the row visible to `returning` when it was there.
  const { rows } = await db.query<IngestionRow>(
    `with dataset as (
       insert into datasets (name) values ($2) on conflict (name) do update set name = excluded.name returning id
     )
     insert into ingestions (id, dataset_id, request, status)
     select $1, id, $3, 'queued' from dataset
     returning ${INGESTION_COLUMNS}`,
    [ingestion.id, ingestion.request.dataset, JSON.stringify(ingestion.request)],
  )
  return toIngestion(rows[0])
}
