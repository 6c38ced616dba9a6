import { SerError, type Run, type RunSummary } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { listRunEpochs } from './list-run-epochs.ts'
import { RUN_COLUMNS, RUN_TABLES, toRunSummary, type RunRow } from './run-row.ts'

/**
 * A run without its epochs.
 *
 * @throws SerError RUN_NOT_FOUND (gone).
 */
export async function getRunSummary(db: Queryable, id: string): Promise<RunSummary> {
  const { rows } = await db.query<RunRow>(`select ${RUN_COLUMNS} from ${RUN_TABLES} where r.id = $1`, [id])
  const row = rows[0]
  if (row === undefined) {
    throw new SerError('RUN_NOT_FOUND', `there is no run ${id}`, { kind: 'gone', ids: { run: id } })
  }
  return toRunSummary(row)
}

/**
 * A run with its epochs.
 *
 * @throws SerError RUN_NOT_FOUND (gone).
 */
export async function getRun(db: Queryable, id: string): Promise<Run> {
  const { epochsDone: _, ...summary } = await getRunSummary(db, id)
  return { ...summary, epochs: await listRunEpochs(db, id) }
}
