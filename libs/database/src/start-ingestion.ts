import type { Ingestion } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { INGESTION_COLUMNS, toIngestion, type IngestionRow } from './ingestion-row.ts'

/** What the ingest app needs to know of an ingestion besides the resource. */
export type StartedIngestion = {
  readonly ingestion: Ingestion
  readonly datasetId: number
  /** An earlier attempt was cut off. */
  readonly resumed: boolean
  /** When its first attempt began, by Postgres' clock and in its own text: what it wrote is not older. */
  readonly startedAt: string
}

/**
 * Marks an ingestion as running and its counts as begun anew; one that is begun again after its worker was lost keeps the time
 * of its first start. A completed one is left alone.
 *
 * @returns `undefined` when the row is gone or the ingestion completed.
 */
export async function startIngestion(db: Queryable, id: string): Promise<StartedIngestion | undefined> {
  const { rows } = await db.query<IngestionRow & { dataset_id: number; started_text: string; resumed: boolean }>(
    `update ingestions set
       status = 'running', started_at = case when old_status = 'running' then old_start else now() end,
       finished_at = null, error = null, found = 0, total = null, stored = 0, unchanged = 0, rejected = 0
     from (select id as old_id, status as old_status, started_at as old_start from ingestions where id = $1 for update) old
     where id = old_id and old_status <> 'completed'
     returning ${INGESTION_COLUMNS}, dataset_id, started_at::text as started_text, old_status = 'running' as resumed`,
    [id],
  )
  const [row] = rows
  if (row === undefined) return undefined
  return {
    ingestion: toIngestion(row),
    datasetId: row.dataset_id,
    resumed: row.resumed,
    startedAt: row.started_text,
  }
}
