import { SerError } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/**
 * Asks for the end of a run. One that no trainer has taken yet is cancelled at once; one that runs is stopped by its
 * trainer. Asking twice is once.
 *
 * @throws SerError RUN_NOT_FOUND (gone), RUN_FINISHED (conflict)
 */
export async function requestRunCancel(db: Queryable, id: string): Promise<void> {
  const { rows } = await db.query<{ status: string }>(
    `update runs set cancel_requested = true,
       status = case when status = 'queued' then 'cancelled' else status end,
       finished_at = case when status = 'queued' then now() else finished_at end
     where id = $1 and status in ('queued', 'running', 'cancelled')
     returning status`,
    [id],
  )
  if (rows.length > 0) return
  const { rows: found } = await db.query<{ status: string }>('select status from runs where id = $1', [id])
  if (found.length === 0) {
    throw new SerError('RUN_NOT_FOUND', `there is no run ${id}`, { kind: 'gone', ids: { run: id } })
  }
  const message = `the run has ended already: it is ${found[0].status}`
  throw new SerError('RUN_FINISHED', message, { kind: 'conflict', ids: { run: id } })
}
