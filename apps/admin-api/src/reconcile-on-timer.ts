import type { ReconcileReport } from '@ser/contracts'
import { withAdvisoryLock } from '@ser/database'
import { reconcile, type ReconcileDeps } from './reconcile.ts'

export type ReconcileTimer = {
  /** Ends the timer and waits for what runs. */
  readonly close: () => Promise<void>
}

export type TimerOptions = {
  /** Between the end of one call and the beginning of the next; 0 for never. */
  readonly everyMs: number
  readonly logger: {
    readonly info: (fields: object, message: string) => void
    readonly warn: (fields: object, message: string) => void
  }
}

/**
 * Enqueues from time to time what is owed, so that nobody has to notice a queue that was lost. Of several processes one
 * does so at a time. Something is logged only when something was put back, or when it could not be done.
 */
export function reconcileOnTimer(deps: ReconcileDeps, { everyMs, logger }: TimerOptions): ReconcileTimer {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let closed = false

  async function reconcileOnce(): Promise<void> {
    try {
      const report = await withAdvisoryLock(deps.db, 'reconcile', () => reconcile(deps, { idleStagesOnly: true }))
      if (report !== undefined && countJobs(report) > 0) logger.info(report, 'put back what was owed')
    } catch (error) {
      logger.warn({ err: error }, 'could not look for what is owed; trying again')
    }
    schedule()
  }

  function schedule(): void {
    if (closed || everyMs === 0) return
    timer = setTimeout(() => {
      running = reconcileOnce()
    }, everyMs)
  }

  schedule()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}

function countJobs({ featureJobs, augmentJobs, ingestions, runs, evaluations }: ReconcileReport): number {
  return featureJobs + augmentJobs + ingestions + runs + evaluations
}
