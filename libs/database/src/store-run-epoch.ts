import type { Epoch } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/** Stores an epoch's figures, in place of those stored before. */
export async function storeRunEpoch(db: Queryable, id: string, epoch: Epoch): Promise<void> {
  await db.query(
    `insert into run_epochs (run_id, epoch, train_loss, train_accuracy, test_loss, test_accuracy, seconds)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (run_id, epoch) do update set
       train_loss = excluded.train_loss, train_accuracy = excluded.train_accuracy,
       test_loss = excluded.test_loss, test_accuracy = excluded.test_accuracy, seconds = excluded.seconds`,
    [id, epoch.epoch, epoch.trainLoss, epoch.trainAccuracy, epoch.testLoss, epoch.testAccuracy, epoch.seconds],
  )
}
