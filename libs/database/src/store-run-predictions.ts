import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import { encodeRealArray } from './encode-real-array.ts'

/** What a run says of one clip of its test side, and whose the clip is. */
export type RunPrediction = {
  readonly sha256: string
  /** The index of the true class. */
  readonly label: number
  readonly predicted: number
  /** One a class. */
  readonly probabilities: Float32Array
  /** Several datasets that have the clip are joined by a comma. */
  readonly dataset: string
  readonly speaker: string
  /** `clean`, or what was done to the recording. */
  readonly condition: string
}

/** Rows a statement; its parameters stay below a megabyte. */
const BATCH_ROWS = 5000

/** Stores the predictions of a run, in place of those stored before. Part of `completeRun`'s transaction. */
export async function storeRunPredictions(
  transaction: Queryable,
  id: string,
  predictions: readonly RunPrediction[],
): Promise<void> {
  await transaction.query('delete from run_predictions where run_id = $1', [id])
  for (let start = 0; start < predictions.length; start += BATCH_ROWS) {
    const batch = predictions.slice(start, start + BATCH_ROWS)
    const classes = batch[0].probabilities.length
    await transaction.query(
      // All probabilities travel as one array, of which each clip takes its slice: unnest would flatten an array of arrays.
      `insert into run_predictions (run_id, sha256, label, predicted, dataset, speaker, condition, probabilities)
       select $1, p.sha256, p.label, p.predicted, p.dataset, p.speaker, p.condition,
         ($8::real[])[(p.row - 1) * $9::int + 1 : p.row * $9::int]
       from unnest($2::bytea[], $3::smallint[], $4::smallint[], $5::text[], $6::text[], $7::text[])
         with ordinality as p (sha256, label, predicted, dataset, speaker, condition, row)`,
      [
        id,
        batch.map(({ sha256 }) => toBytes(sha256)),
        batch.map(({ label }) => label),
        batch.map(({ predicted }) => predicted),
        batch.map(({ dataset }) => dataset),
        batch.map(({ speaker }) => speaker),
        batch.map(({ condition }) => condition),
        encodeRealArray(batch.map(({ probabilities }) => probabilities)),
        classes,
      ],
    )
  }
}
