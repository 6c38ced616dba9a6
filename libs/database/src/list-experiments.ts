import type { Experiment } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/** Experiments with how many runs they have, the one that was added to last first; at most `limit`. */
export async function listExperiments(db: Queryable, limit: number): Promise<Experiment[]> {
  const { rows } = await db.query<Omit<Experiment, 'lastAddedAt'> & { at: Date }>(
    `select x.experiment as name, count(*) as runs, count(*) filter (where r.status = 'completed') as completed,
       max(x.added_at) as at
     from experiment_runs x join runs r on r.id = x.run_id
     group by x.experiment order by at desc, name limit $1`,
    [limit],
  )
  return rows.map(({ at, ...row }) => ({ ...row, lastAddedAt: at.toISOString() }))
}
