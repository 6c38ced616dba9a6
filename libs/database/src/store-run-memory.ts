import type { Queryable } from './create-database.ts'
import type { RunAttempt } from './run-attempt.ts'

/** Stores how much memory a run's training process had at most, in bytes, unless another one of the run had more. */
export async function storeRunMemory(db: Queryable, { id, attempt }: RunAttempt, bytes: number): Promise<void> {
  await db.query(
    'update runs set peak_memory_bytes = greatest(peak_memory_bytes, $3) where id = $1 and attempts = $2',
    [id, attempt, bytes],
  )
}
