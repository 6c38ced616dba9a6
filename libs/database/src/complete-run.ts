import type { Evaluation } from '@ser/contracts'
import { toBytes } from './bytea.ts'
import type { Database } from './create-database.ts'
import { fenceOf, type RunAttempt } from './run-attempt.ts'
import { storeRunPredictions, type RunPrediction } from './store-run-predictions.ts'

export type CompletedRun = {
  readonly model: string
  readonly evaluation: Evaluation
  /** The stored model file. */
  readonly artefact: { readonly key: string; readonly sha256: string; readonly bytes: number }
  /** The feature set's `rowId`. */
  readonly featureSet: number
  /** What it says of each clip of the test side. */
  readonly predictions?: readonly RunPrediction[]
}

/**
 * Completes a running run, with its predictions, and registers its model as the next version of its name, all or nothing.
 *
 * @returns the version; nothing when the run is no longer running, because another trainer completed it or has taken it over, or it was cancelled
 */
export async function completeRun(
  db: Database,
  run: string | RunAttempt,
  completed: CompletedRun,
): Promise<number | undefined> {
  const [id, attempt] = fenceOf(run)
  const { model, evaluation, artefact, featureSet } = completed
  return db.transaction(async (transaction) => {
    const { rowCount } = await transaction.query(
      `update runs set status = 'completed', evaluation = $2, finished_at = now()
       where id = $1 and status = 'running' and not cancel_requested and ($3::int is null or attempts = $3)`,
      [id, JSON.stringify(evaluation), attempt],
    )
    if (rowCount === 0) return undefined
    await storeRunPredictions(transaction, id, completed.predictions ?? [])
    // Runs of one model that complete at once wait here for each other's number.
    await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`model ${model}`])
    const { rows } = await transaction.query<{ version: number }>(
      `insert into model_versions
         (model, version, run_id, feature_set_id, artefact_key, artefact_sha256, artefact_bytes, accuracy, uar)
       select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7, $8 from model_versions where model = $1
       returning version`,
      [
        model,
        id,
        featureSet,
        artefact.key,
        toBytes(artefact.sha256),
        artefact.bytes,
        evaluation.accuracy,
        evaluation.uar,
      ],
    )
    return rows[0].version
  })
}
