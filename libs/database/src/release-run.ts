import type { Queryable } from './create-database.ts'
import type { RunAttempt } from './run-attempt.ts'

/** Says that an attempt ended by no death of its own: the trainer was stopped, or a service was lost. It is not counted as in vain. */
export async function releaseRun(db: Queryable, { id, attempt }: RunAttempt): Promise<void> {
  await db.query(
    `update runs set fruitless = greatest(fruitless - 1, 0) where id = $1 and attempts = $2 and status = 'running'`,
    [id, attempt],
  )
}
