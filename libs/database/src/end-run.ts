import type { Queryable } from './create-database.ts'

export type RunEnd =
  | { readonly status: 'cancelled' }
  | { readonly status: 'failed'; readonly error: { readonly code: string; readonly message: string } }

/** Ends a run that made no model. One that has ended already stays as it is. */
export async function endRun(db: Queryable, id: string, end: RunEnd): Promise<void> {
  await db.query(
    `update runs set status = $2, error = $3, finished_at = now() where id = $1 and status in ('queued', 'running')`,
    [id, end.status, end.status === 'failed' ? JSON.stringify(end.error) : null],
  )
}
