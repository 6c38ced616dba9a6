import { runSpecSchema, SerError, type RunSpec } from '@ser/contracts'
import type { Database } from './create-database.ts'

type LockedRun = { spec: unknown; status: string }

/**
 * Marks a run as running, with nothing of an earlier attempt left: a run that crashed, or that failed and is tried anew,
 * begins at its first epoch.
 *
 * @returns its spec; nothing when there is nothing to do, because the run is completed or cancelled
 * @throws SerError RUN_NOT_FOUND (gone)
 */
export async function startRun(
  db: Database,
  id: string,
  { codeVersion }: { readonly codeVersion: string },
): Promise<RunSpec | undefined> {
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<LockedRun>('select spec, status from runs where id = $1 for update', [id])
    const [run] = rows
    if (run === undefined) {
      throw new SerError('RUN_NOT_FOUND', `there is no run ${id}`, { kind: 'gone', ids: { run: id } })
    }
    if (run.status === 'completed' || run.status === 'cancelled') return undefined
    await transaction.query('delete from run_epochs where run_id = $1', [id])
    await transaction.query('delete from run_clips where run_id = $1', [id])
    await transaction.query(
      `update runs set status = 'running', started_at = now(), finished_at = null, error = null, evaluation = null,
         snapshot_hash = null, train_clips = null, test_clips = null, backend = null, code_version = $2
       where id = $1`,
      [id, codeVersion],
    )
    return runSpecSchema.parse(run.spec)
  })
}
