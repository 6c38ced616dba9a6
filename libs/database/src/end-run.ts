import type { Queryable } from './create-database.ts'
import { fenceOf, type RunAttempt } from './run-attempt.ts'

export type RunEnd =
  | { readonly status: 'cancelled' }
  | { readonly status: 'failed'; readonly error: { readonly code: string; readonly message: string } }

/** Ends a run that made no model. One that has ended already, or that another attempt has taken over, stays as it is. */
export async function endRun(db: Queryable, run: string | RunAttempt, end: RunEnd): Promise<void> {
  const [id, attempt] = fenceOf(run)
  await db.query(
    `update runs set status = $2, error = $3, finished_at = now()
     where id = $1 and status in ('queued', 'running') and ($4::int is null or attempts = $4)`,
    [id, end.status, end.status === 'failed' ? JSON.stringify(end.error) : null, attempt],
  )
}
