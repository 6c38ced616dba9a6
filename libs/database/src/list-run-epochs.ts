import type { Epoch } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/** The epochs of a run after one of them (0: all), in order. */
export async function listRunEpochs(db: Queryable, runId: string, after = 0): Promise<Epoch[]> {
  const { rows } = await db.query<Epoch>(
    `select epoch, train_loss as "trainLoss", train_accuracy as "trainAccuracy", test_loss as "testLoss",
            test_accuracy as "testAccuracy", seconds
     from run_epochs where run_id = $1 and epoch > $2 order by epoch`,
    [runId, after],
  )
  return rows
}
