import type { Ingestion } from '@ser/contracts'
import type { BatchReport } from './register-batch.ts'

/** The running sums of an ingestion. */
export type Tally = {
  readonly counts: () => Ingestion['counts']
  readonly effects: () => { readonly ignored: number; readonly uploaded: number; readonly enqueued: number }
  /** Paths that were rejected; `undefined` when they are too many to be kept. */
  readonly rejectedPaths: () => ReadonlySet<string> | undefined
  readonly countIgnored: () => void
  readonly setTotal: (total: number) => void
  readonly add: (files: number, batch: BatchReport) => void
  /** Puts right what an attempt that was cut off had stored, and this one found there. */
  readonly setStored: (stored: number) => void
}

const MOST_REJECTED_PATHS = 100_000

export function createTally(): Tally {
  const counts = { found: 0, total: null as number | null, stored: 0, unchanged: 0, rejected: 0 }
  const effects = { ignored: 0, uploaded: 0, enqueued: 0 }
  const rejectedPaths = new Set<string>()
  return {
    counts: () => ({ ...counts }),
    effects: () => ({ ...effects }),
    rejectedPaths: () => (rejectedPaths.size < MOST_REJECTED_PATHS ? rejectedPaths : undefined),
    countIgnored: () => void effects.ignored++,
    setTotal: (total) => void (counts.total = total),
    add: (files, batch) => {
      counts.found += files
      counts.stored += batch.added + batch.changed
      counts.unchanged += batch.unchanged
      counts.rejected += batch.rejected.length
      effects.uploaded += batch.uploaded
      effects.enqueued += batch.enqueued
      for (const { path } of batch.rejected) if (rejectedPaths.size < MOST_REJECTED_PATHS) rejectedPaths.add(path)
    },
    setStored: (stored) => {
      const moved = Math.min(Math.max(0, stored - counts.stored), counts.unchanged)
      counts.stored += moved
      counts.unchanged -= moved
    },
  }
}
