import { SHARE_ENV, Worker } from 'node:worker_threads'
import { SerError } from '@ser/contracts'
import { findEntry } from '@ser/processes'
import type { FromThread, ThreadAnswer, ThreadTask, ToThread } from './predict-messages.ts'

export type PredictThread = {
  /** Several may be under way. Rejects with PREDICTION_THREAD_LOST (`transient`) when the thread ends before. */
  readonly run: (task: ThreadTask) => Promise<ThreadAnswer>
  readonly close: () => Promise<void>
}

type Waiting = {
  readonly resolve: (answer: ThreadAnswer) => void
  readonly reject: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

/**
 * The thread that decodes, extracts and classifies, so that none of it stands in the way of the event loop. One, because TensorFlow
 * spreads over the cores by itself. It is started by the first task, and anew after it was lost; when a task takes longer than
 * `timeoutMs`, it hangs, and is ended with all that it does.
 *
 * (Not piscina: a task there that can be given up has its thread for itself, and here a short task runs in the pauses of a long one.)
 */
export function openThread(timeoutMs: number): PredictThread {
  let worker: Worker | undefined
  let tasks = 0
  const waiting = new Map<number, Waiting>()

  const settle = (id: number): Waiting | undefined => {
    const task = waiting.get(id)
    waiting.delete(id)
    clearTimeout(task?.timer)
    return task
  }

  function start(): Worker {
    const { filename, ...options } = findEntry(new URL('./predict-thread.ts', import.meta.url))
    // TensorFlow's library reads its settings from the environment itself, not from a thread's copy.
    const started = new Worker(new URL(filename), { ...options, env: SHARE_ENV })
    let cause: unknown
    started.on('message', (message: FromThread) => {
      const task = settle(message.id)
      if ('answer' in message) task?.resolve(message.answer)
      else task?.reject(message.error)
    })
    started.on('error', (error) => (cause = error))
    started.on('exit', () => {
      if (worker === started) worker = undefined
      for (const id of waiting.keys()) settle(id)?.reject(lostError(cause))
    })
    return started
  }

  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        const thread = (worker ??= start())
        const id = (tasks += 1)
        const timer = setTimeout(() => void thread.terminate(), timeoutMs)
        waiting.set(id, { resolve, reject, timer })
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
        thread.postMessage({ id, task } satisfies ToThread)
      }),
    close: async () => void (await worker?.terminate()),
  }
}

function lostError(cause: unknown): SerError {
  const message = 'the thread that predicts was ended in the middle of its work; try again'
  return new SerError('PREDICTION_THREAD_LOST', message, { kind: 'transient', cause })
}
