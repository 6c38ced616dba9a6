import type { Ingestion } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/** Ends an ingestion: completed, or failed with a reason for a person. One that completed elsewhere stays completed. */
export async function finishIngestion(
  db: Queryable,
  id: string,
  outcome: { readonly counts: Ingestion['counts']; readonly error: Ingestion['error'] },
): Promise<void> {
  const { found, total, stored, unchanged, rejected } = outcome.counts
  await db.query(
    `update ingestions set
       status = case when $2::jsonb is null then 'completed' else 'failed' end, error = $2, finished_at = now(),
       found = $3, total = $4, stored = $5, unchanged = $6, rejected = $7
     where id = $1 and status <> 'completed'`,
    [id, outcome.error === null ? null : JSON.stringify(outcome.error), found, total, stored, unchanged, rejected],
  )
}
