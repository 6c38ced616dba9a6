import type { Ingestion } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/** Writes how far a running ingestion is. One that has ended meanwhile is left alone. */
export async function updateIngestionProgress(db: Queryable, id: string, counts: Ingestion['counts']): Promise<void> {
  await db.query(
    `update ingestions set found = $2, total = $3, stored = $4, unchanged = $5, rejected = $6
     where id = $1 and status = 'running'`,
    [id, counts.found, counts.total, counts.stored, counts.unchanged, counts.rejected],
  )
}
