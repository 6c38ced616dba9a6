import type { Queryable } from './create-database.ts'

/** The ids of the runs of an experiment, as they were created; at most `limit`. */
export async function listExperimentRuns(db: Queryable, experiment: string, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select r.id from experiment_runs x join runs r on r.id = x.run_id
     where x.experiment = $1 order by r.created_at, r.id limit $2`,
    [experiment, limit],
  )
  return rows.map(({ id }) => id)
}
