import { SerError, type Ingestion } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { INGESTION_COLUMNS, toIngestion, type IngestionRow } from './ingestion-row.ts'

/**
 * One ingestion.
 *
 * @throws SerError INGESTION_NOT_FOUND (gone).
 */
export async function getIngestion(db: Queryable, id: string): Promise<Ingestion> {
  const { rows } = await db.query<IngestionRow>(`select ${INGESTION_COLUMNS} from ingestions where id = $1`, [id])
  const row = rows[0]
  if (row === undefined) {
    throw new SerError('INGESTION_NOT_FOUND', `there is no ingestion ${id}`, { kind: 'gone', ids: { ingestion: id } })
  }
  return toIngestion(row)
}
