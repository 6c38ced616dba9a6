import { runSpecSchema, SerError, type RunSpec } from '@ser/contracts'
import { toHex } from './bytea.ts'
import type { Database, Queryable } from './create-database.ts'
import type { RunAttempt } from './run-attempt.ts'
import type { RunCheckpoint } from './store-run-checkpoint.ts'

type LockedRun = { spec: unknown; status: string; unwanted: boolean; attempts: number; fruitless: number }

export type StartOptions = {
  readonly codeVersion: string
  /** Attempts in a row that may end by a death without a checkpoint further than those before (default 3). */
  readonly fruitlessAtMost?: number
}

/** `given-up`: it died too often; whoever is told so ends it. */
export type StartedRun = {
  readonly state: 'started' | 'given-up'
  readonly spec: RunSpec
  readonly attempt: RunAttempt
  /** Where an earlier attempt got to. */
  readonly checkpoint: RunCheckpoint | undefined
}

/**
 * Marks a run as running and gives the right to write about it to the caller alone: an attempt before, should it still
 * live, is refused from now on. Without a checkpoint nothing of earlier attempts is left; with one, the epochs up to it are.
 *
 * @returns nothing when there is nothing to do, because the run is completed or cancelled, or its end was asked for
 * @throws SerError RUN_NOT_FOUND (gone)
 */
export async function startRun(db: Database, id: string, options: StartOptions): Promise<StartedRun | undefined> {
  return db.transaction(async (transaction) => {
    const run = await lockRun(transaction, id)
    if (run.status === 'completed' || run.status === 'cancelled') return undefined
    if (run.status === 'running' && run.unwanted) {
      await transaction.query(`update runs set status = 'cancelled', finished_at = now() where id = $1`, [id])
      return undefined
    }
    const spec = runSpecSchema.parse(run.spec)
    // A run that had ended and is tried anew is owed as many attempts as a new one.
    const fruitless = run.status === 'running' ? run.fruitless : 0
    const checkpoint = await findCheckpoint(transaction, id)
    if (fruitless >= (options.fruitlessAtMost ?? 3)) {
      return { state: 'given-up', spec, attempt: { id, attempt: run.attempts }, checkpoint }
    }
    await transaction.query('delete from run_epochs where run_id = $1 and epoch > $2', [id, checkpoint?.epoch ?? 0])
    await transaction.query('delete from run_clips where run_id = $1', [id])
    await transaction.query(
      `update runs set status = 'running', finished_at = null, error = null, evaluation = null, snapshot_hash = null,
         train_clips = null, validation_clips = null, test_clips = null, backend = null, code_version = $2,
         attempts = attempts + 1, fruitless = $3,
         started_at = case when status = 'running' then started_at else now() end,
         cancel_requested = false, resumed_from_epoch = null, restart_reason = null
       where id = $1`,
      [id, options.codeVersion, fruitless + 1],
    )
    return { state: 'started', spec, attempt: { id, attempt: run.attempts + 1 }, checkpoint }
  })
}

async function lockRun(transaction: Queryable, id: string): Promise<LockedRun> {
  const { rows } = await transaction.query<LockedRun>(
    'select spec, status, cancel_requested as unwanted, attempts, fruitless from runs where id = $1 for update',
    [id],
  )
  if (rows.length > 0) return rows[0]
  throw new SerError('RUN_NOT_FOUND', `there is no run ${id}`, { kind: 'gone', ids: { run: id } })
}

type CheckpointRow = Omit<RunCheckpoint, 'sha256' | 'snapshotHash'> & { sha256: Buffer; snapshotHash: Buffer }

async function findCheckpoint(transaction: Queryable, id: string): Promise<RunCheckpoint | undefined> {
  const { rows } = await transaction.query<CheckpointRow>(
    `select epoch, object_key as key, sha256, bytes, snapshot_hash as "snapshotHash", code_version as "codeVersion", backend
     from run_checkpoints where run_id = $1`,
    [id],
  )
  return rows.map((row) => ({ ...row, sha256: toHex(row.sha256), snapshotHash: toHex(row.snapshotHash) }))[0]
}
