import { SerError } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/**
 * Makes a run part of an experiment, which exists as long as it has runs. Twice is once.
 *
 * @throws SerError RUN_NOT_FOUND (gone)
 */
export async function addToExperiment(db: Queryable, experiment: string, id: string): Promise<void> {
  const { rows } = await db.query(
    `with run as (select id from runs where id = $2),
     added as (insert into experiment_runs (experiment, run_id) select $1, id from run on conflict do nothing)
     select id from run`,
    [experiment, id],
  )
  if (rows.length > 0) return
  throw new SerError('RUN_NOT_FOUND', `there is no run ${id}`, { kind: 'gone', ids: { run: id } })
}
