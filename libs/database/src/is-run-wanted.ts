import { SerError } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { requireWritten, type RunAttempt } from './run-attempt.ts'

/**
 * Whether an attempt at a run is still wanted: false once the run's end was asked for.
 *
 * @throws SerError RUN_NOT_FOUND, RUN_TAKEN_OVER (gone)
 */
export async function isRunWanted(db: Queryable, { id, attempt }: RunAttempt): Promise<boolean> {
  const { rows } = await db.query<{ wanted: boolean; mine: boolean }>(
    `select not cancel_requested and status <> 'cancelled' as wanted, attempts = $2 as mine from runs where id = $1`,
    [id, attempt],
  )
  if (rows.length === 0) {
    throw new SerError('RUN_NOT_FOUND', `there is no run ${id}`, { kind: 'gone', ids: { run: id } })
  }
  if (!rows[0].mine) requireWritten(0, { id, attempt })
  return rows[0].wanted
}
