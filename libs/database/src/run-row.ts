import { evaluationSchema, runSpecSchema, type RunSummary } from '@ser/contracts'

/** What a run is read from: `runs` with the version that it became. */
export type RunRow = {
  id: string
  spec: unknown
  spec_hash: string
  status: RunSummary['status']
  error: RunSummary['error']
  snapshot_hash: string | null
  train_clips: number | null
  validation_clips: number | null
  test_clips: number | null
  backend: string | null
  code_version: string | null
  evaluation: unknown
  model: string | null
  version: number | null
  epochs_done: number
  attempts: number
  resumed_from_epoch: number | null
  restart_reason: string | null
  peak_memory_bytes: number | null
  experiments: string[]
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

export const RUN_COLUMNS = `r.id, r.spec, encode(r.spec_hash, 'hex') as spec_hash, r.status, r.error,
  encode(r.snapshot_hash, 'hex') as snapshot_hash, r.train_clips, r.validation_clips, r.test_clips,
  r.backend, r.code_version, r.evaluation,
  m.model, m.version, (select count(*) from run_epochs e where e.run_id = r.id) as epochs_done,
  r.attempts, r.resumed_from_epoch, r.restart_reason, r.peak_memory_bytes,
  array(select x.experiment from experiment_runs x where x.run_id = r.id order by 1) as experiments,
  r.created_at, r.started_at, r.finished_at`

export const RUN_TABLES = 'runs r left join model_versions m on m.run_id = r.id'

/** A row of `RUN_COLUMNS` as the API says it. */
export function toRunSummary(row: RunRow): RunSummary {
  return {
    id: row.id,
    spec: runSpecSchema.parse(row.spec),
    specHash: row.spec_hash,
    status: row.status,
    error: row.error,
    snapshot:
      row.snapshot_hash === null || row.train_clips === null || row.test_clips === null
        ? null
        : {
            hash: row.snapshot_hash,
            train: row.train_clips,
            // Nothing to say where there is no such side.
            ...(row.validation_clips === null || row.validation_clips === 0
              ? {}
              : { validation: row.validation_clips }),
            test: row.test_clips,
          },
    backend: row.backend,
    codeVersion: row.code_version,
    epochsDone: row.epochs_done,
    evaluation: row.evaluation === null ? null : evaluationSchema.parse(row.evaluation),
    attempts: row.attempts,
    resumedFromEpoch: row.resumed_from_epoch,
    restartReason: row.restart_reason,
    peakMemoryBytes: row.peak_memory_bytes,
    experiments: row.experiments,
    version: row.model === null || row.version === null ? null : { model: row.model, version: row.version },
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}
