import type { Epoch } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { fenceOf, requireWritten, type RunAttempt } from './run-attempt.ts'

/**
 * Stores an epoch's figures, in place of those stored before.
 *
 * @throws SerError RUN_TAKEN_OVER (gone)
 */
export async function storeRunEpoch(db: Queryable, run: string | RunAttempt, epoch: Epoch): Promise<void> {
  const [id, attempt] = fenceOf(run)
  const { validation } = epoch
  // The lock on the run's row makes an attempt that is taken over at this moment either come first or write nothing.
  const { rowCount } = await db.query(
    `with mine as materialized (
       select id from runs where id = $1 and ($8::int is null or (attempts = $8 and status = 'running')) for share)
     insert into run_epochs (run_id, epoch, train_loss, train_accuracy, test_loss, test_accuracy, seconds,
       learning_rate, validation_loss, validation_accuracy, validation_uar, waited_seconds)
     select id, $2::int, $3::real, $4::real, $5::real, $6::real, $7::real, $9::real, $10::real, $11::real,
       $12::real, $13::real from mine
     on conflict (run_id, epoch) do update set
       train_loss = excluded.train_loss, train_accuracy = excluded.train_accuracy,
       test_loss = excluded.test_loss, test_accuracy = excluded.test_accuracy, seconds = excluded.seconds,
       learning_rate = excluded.learning_rate, validation_loss = excluded.validation_loss,
       validation_accuracy = excluded.validation_accuracy, validation_uar = excluded.validation_uar,
       waited_seconds = excluded.waited_seconds`,
    [
      id,
      epoch.epoch,
      epoch.trainLoss,
      epoch.trainAccuracy,
      epoch.testLoss,
      epoch.testAccuracy,
      epoch.seconds,
      attempt,
      epoch.learningRate ?? null,
      validation?.loss ?? null,
      validation?.accuracy ?? null,
      validation?.uar ?? null,
      epoch.waitedSeconds ?? null,
    ],
  )
  requireWritten(rowCount, run)
}
