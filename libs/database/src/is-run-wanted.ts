import { SerError } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/**
 * Whether a run that is being trained is still wanted: false once its end was asked for.
 *
 * @throws SerError RUN_NOT_FOUND (gone)
 */
export async function isRunWanted(db: Queryable, id: string): Promise<boolean> {
  const { rows } = await db.query<{ wanted: boolean }>(
    `select not cancel_requested and status <> 'cancelled' as wanted from runs where id = $1`,
    [id],
  )
  if (rows.length === 0) {
    throw new SerError('RUN_NOT_FOUND', `there is no run ${id}`, { kind: 'gone', ids: { run: id } })
  }
  return rows[0].wanted
}
