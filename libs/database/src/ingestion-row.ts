import { ingestRequestSchema, type Ingestion } from '@ser/contracts'

/** What an ingestion is read from. */
export type IngestionRow = {
  id: string
  request: unknown
  status: Ingestion['status']
  found: number
  total: number | null
  stored: number
  unchanged: number
  rejected: number
  error: Ingestion['error']
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

export const INGESTION_COLUMNS =
  'id, request, status, found, total, stored, unchanged, rejected, error, created_at, started_at, finished_at'

/** A row of `INGESTION_COLUMNS` as the API says it. */
export function toIngestion(row: IngestionRow): Ingestion {
  const { found, total, stored, unchanged, rejected } = row
  return {
    id: row.id,
    request: ingestRequestSchema.parse(row.request),
    status: row.status,
    counts: { found, total, stored, unchanged, rejected },
    error: row.error,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}
