import type { Queryable } from './create-database.ts'

/** Runs that have ended and whose checkpoint nobody has removed yet, because the trainer died in between; at most `limit`. */
export async function listEndedCheckpoints(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select r.id from run_checkpoints c join runs r on r.id = c.run_id
     where r.status in ('completed', 'failed', 'cancelled') order by r.id limit $1`,
    [limit],
  )
  return rows.map(({ id }) => id)
}
