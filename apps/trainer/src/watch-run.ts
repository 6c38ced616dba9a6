import { SerError } from '@ser/contracts'
import { isRunWanted, type Database, type RunAttempt } from '@ser/database'

export type WatchOptions = {
  readonly db: Database
  readonly run: RunAttempt
  /** How often the row is looked at, in milliseconds. */
  readonly everyMs: number
}

/**
 * Looks at a run's row while it is trained. The signal is aborted with RUN_CANCELLED (conflict) when its end was asked for, and
 * with RUN_NOT_FOUND or RUN_TAKEN_OVER (gone) when it was deleted or another attempt has it; a database that cannot be reached is asked again.
 */
export function watchRun({ db, run, everyMs }: WatchOptions): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController()
  let stopped = false
  let timer = setTimeout(() => void look(), everyMs)
  const look = async (): Promise<void> => {
    try {
      if (!(await isRunWanted(db, run))) controller.abort(cancelled(run.id))
    } catch (error) {
      if (error instanceof SerError && error.kind === 'gone') controller.abort(error)
    }
    if (!stopped && !controller.signal.aborted) timer = setTimeout(() => void look(), everyMs)
  }
  const stop = () => {
    stopped = true
    clearTimeout(timer)
  }
  return { signal: controller.signal, stop }
}

function cancelled(runId: string): SerError {
  return new SerError('RUN_CANCELLED', 'the run was cancelled', { kind: 'conflict', ids: { run: runId } })
}
