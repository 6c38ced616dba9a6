import type { Side } from '@ser/contracts'
import { toBytes } from './bytea.ts'
import type { Database } from './create-database.ts'
import { requireWritten, type RunAttempt } from './run-attempt.ts'

export type RunClip = {
  readonly sha256: string
  /** The index of its class. */
  readonly label: number
  readonly side: Side
}

/** Rows a statement; its parameters stay below a megabyte. */
const BATCH_ROWS = 10_000

/**
 * Stores the exact clips of a run with their classes and sides, in place of those stored before.
 *
 * @throws SerError RUN_TAKEN_OVER (gone)
 */
export async function storeRunSnapshot(
  db: Database,
  run: RunAttempt,
  { hash, clips }: { readonly hash: string; readonly clips: readonly RunClip[] },
): Promise<void> {
  const counts = { train: 0, validation: 0, test: 0 }
  for (const { side } of clips) counts[side] += 1
  await db.transaction(async (transaction) => {
    // Locked first, so that two trainers that were given the same run do not mix their rows.
    const { rowCount } = await transaction.query(
      `update runs set snapshot_hash = $3, train_clips = $4, validation_clips = $5, test_clips = $6
       where id = $1 and attempts = $2 and status = 'running'`,
      [run.id, run.attempt, toBytes(hash), counts.train, counts.validation, counts.test],
    )
    requireWritten(rowCount, run)
    await transaction.query('delete from run_clips where run_id = $1', [run.id])
    for (let start = 0; start < clips.length; start += BATCH_ROWS) {
      const batch = clips.slice(start, start + BATCH_ROWS)
      await transaction.query(
        `insert into run_clips (run_id, sha256, label, side)
         select $1, * from unnest($2::bytea[], $3::smallint[], $4::text[])`,
        [
          run.id,
          batch.map(({ sha256 }) => toBytes(sha256)),
          batch.map(({ label }) => label),
          batch.map(({ side }) => side),
        ],
      )
    }
  })
}
