import type { Epoch } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/** The epochs of a run after one of them (0: all), in order. */
export async function listRunEpochs(db: Queryable, runId: string, after = 0): Promise<Epoch[]> {
  const { rows } = await db.query<EpochRow>(
    `select epoch, train_loss as "trainLoss", train_accuracy as "trainAccuracy", test_loss as "testLoss",
            test_accuracy as "testAccuracy", seconds, learning_rate as rate, waited_seconds as waited,
            validation_loss as loss, validation_accuracy as accuracy, validation_uar as uar
     from run_epochs where run_id = $1 and epoch > $2 order by epoch`,
    [runId, after],
  )
  return rows.map(toEpoch)
}

type EpochRow = Pick<Epoch, 'epoch' | 'trainLoss' | 'trainAccuracy' | 'testLoss' | 'testAccuracy' | 'seconds'> & {
  rate: number | null
  waited: number | null
  loss: number | null
  accuracy: number | null
  uar: number | null
}

function toEpoch({ rate, waited, loss, accuracy, uar, ...epoch }: EpochRow): Epoch {
  return {
    ...epoch,
    ...(rate === null ? {} : { learningRate: rate }),
    ...(waited === null ? {} : { waitedSeconds: waited }),
    ...(loss === null || accuracy === null || uar === null ? {} : { validation: { loss, accuracy, uar } }),
  }
}
