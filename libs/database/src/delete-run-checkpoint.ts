import type { Queryable } from './create-database.ts'

/** Forgets the checkpoint of a run that has ended; that of one that has not stays. */
export async function deleteRunCheckpoint(db: Queryable, id: string): Promise<void> {
  await db.query(
    `delete from run_checkpoints c using runs r
     where c.run_id = $1 and r.id = c.run_id and r.status in ('completed', 'failed', 'cancelled')`,
    [id],
  )
}
