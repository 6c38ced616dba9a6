import type { Database } from './create-database.ts'
import { requireWritten, type RunAttempt } from './run-attempt.ts'

export type TrainingBegin = {
  /** What computes: `tensorflow 4.22.0, 4 threads`. */
  readonly backend: string
  /** The epoch after which training goes on; nothing when it begins at the first. */
  readonly resumedFromEpoch?: number
  /** Why it begins at the first although a checkpoint was there. */
  readonly restartReason?: string
}

/**
 * Says what computes a run and where it begins; begun at the first epoch, nothing of earlier attempts is left.
 *
 * @throws SerError RUN_TAKEN_OVER (gone)
 */
export async function beginTraining(db: Database, run: RunAttempt, begin: TrainingBegin): Promise<void> {
  const { backend, resumedFromEpoch, restartReason } = begin
  await db.transaction(async (transaction) => {
    const { rowCount } = await transaction.query(
      `update runs set backend = $3, resumed_from_epoch = $4, restart_reason = $5
       where id = $1 and attempts = $2 and status = 'running'`,
      [run.id, run.attempt, backend, resumedFromEpoch ?? null, restartReason ?? null],
    )
    requireWritten(rowCount, run)
    if (resumedFromEpoch !== undefined) return
    await transaction.query('delete from run_epochs where run_id = $1', [run.id])
    await transaction.query('delete from run_checkpoints where run_id = $1', [run.id])
  })
}
