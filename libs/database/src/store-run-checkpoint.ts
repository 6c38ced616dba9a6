import { toBytes } from './bytea.ts'
import type { Database } from './create-database.ts'
import { requireWritten, type RunAttempt } from './run-attempt.ts'

/** A stored checkpoint, and what must be the same for training to go on from it. */
export type RunCheckpoint = {
  /** The last epoch that is in it. */
  readonly epoch: number
  readonly key: string
  readonly sha256: string
  readonly bytes: number
  readonly snapshotHash: string
  readonly codeVersion: string
  readonly backend: string
}

/**
 * Writes down where a run can go on, in place of the checkpoint before. One that goes further than that is progress: the
 * attempts that died in vain are forgotten.
 *
 * @returns the key of the object that is of no use any more, if there is one
 * @throws SerError RUN_TAKEN_OVER (gone)
 */
export async function storeRunCheckpoint(
  db: Database,
  run: RunAttempt,
  checkpoint: RunCheckpoint,
): Promise<string | undefined> {
  const { epoch, key, sha256, bytes, snapshotHash, codeVersion, backend } = checkpoint
  return db.transaction(async (transaction) => {
    const { rows: before } = await transaction.query<{ epoch: number | null; key: string | null }>(
      `select c.epoch, c.object_key as key from runs r left join run_checkpoints c on c.run_id = r.id
       where r.id = $1 and r.attempts = $2 and r.status = 'running' for update of r`,
      [run.id, run.attempt],
    )
    requireWritten(before.length, run)
    if (epoch > (before[0].epoch ?? 0)) {
      await transaction.query('update runs set fruitless = 0 where id = $1', [run.id])
    }
    await transaction.query(
      `insert into run_checkpoints (run_id, epoch, object_key, sha256, bytes, snapshot_hash, code_version, backend)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (run_id) do update set
         epoch = excluded.epoch, object_key = excluded.object_key, sha256 = excluded.sha256, bytes = excluded.bytes,
         snapshot_hash = excluded.snapshot_hash, code_version = excluded.code_version, backend = excluded.backend,
         created_at = now()`,
      [run.id, epoch, key, toBytes(sha256), bytes, toBytes(snapshotHash), codeVersion, backend],
    )
    const old = before[0].key
    return old === null || old === key ? undefined : old
  })
}
