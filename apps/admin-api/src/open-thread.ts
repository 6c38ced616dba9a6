import { SHARE_ENV } from 'node:worker_threads'
import { SerError } from '@ser/contracts'
import { Piscina } from 'piscina'
import type { ThreadAnswer, ThreadTask } from './predict-messages.ts'

export type PredictThread = {
  /**
   * Rejects with PREDICTION_THREAD_LOST (`transient`) when the thread ends before. The signal ends the thread, with all that it
   * does; the next task starts another.
   */
  readonly run: (task: ThreadTask, signal?: AbortSignal) => Promise<ThreadAnswer>
  readonly close: () => Promise<void>
}

// A short task, a long one, and a model that is being loaded.
const TASKS_AT_ONCE = 3

/**
 * The thread that decodes, extracts and classifies, so that none of it stands in the way of the event loop. One, because TensorFlow
 * spreads over the cores by itself. It is started by the first task.
 */
export function openThread(): PredictThread {
  const pool = new Piscina<ThreadTask, ThreadAnswer>({
    ...threadFile(),
    // TensorFlow's library reads its settings from the environment itself, not from a thread's copy.
    env: SHARE_ENV,
    minThreads: 0,
    maxThreads: 1,
    concurrentTasksPerWorker: TASKS_AT_ONCE,
    idleTimeout: 10 * 60_000,
    // With it an idle thread would sleep until a message comes, also where a task of its own is to go on.
    atomics: 'disabled',
  })
  // Each task that fails rejects by itself; without a listener, a thread that cannot start would end the process.
  pool.on('error', () => undefined)
  return {
    async run(task, signal) {
      try {
        return await pool.run(task, { name: 'predict', ...(signal === undefined ? {} : { signal }) })
      } catch (error) {
        throw isLoss(error) ? lostError(error) : error
      }
    },
    close: () => pool.destroy(),
  }
}

/** From source this file is TypeScript, and so is the thread's; Node 20 gives threads no loader but their own. */
function threadFile(): { filename: string; execArgv?: string[] } {
  if (!import.meta.url.endsWith('.ts')) return { filename: new URL('./predict-thread.js', import.meta.url).href }
  const code = `import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))}; register()`
  const loader = `data:text/javascript,${encodeURIComponent(code)}`
  return {
    filename: new URL('./predict-thread.ts', import.meta.url).href,
    execArgv: ['--import', loader, '-C', 'ser-source'],
  }
}

/** Piscina has no codes; what the thread itself throws has other names. */
function isLoss(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'AbortError' || /terminat|exited|worker (thread|stopped)/i.test(error.message))
  )
}

function lostError(cause: unknown): SerError {
  const message = 'the thread that predicts was ended in the middle of its work; try again'
  return new SerError('PREDICTION_THREAD_LOST', message, { kind: 'transient', cause })
}
