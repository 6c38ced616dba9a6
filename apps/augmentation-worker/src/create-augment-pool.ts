import { SerError } from '@ser/contracts'
import { findEntry } from '@ser/processes'
import { Piscina } from 'piscina'
import type { DecodeTask, MadeVariant, TaskResult, VariantTask } from './augment-task.ts'

export type AugmentPool = {
  /**
   * A variant of a recording, made in a thread.
   * @throws SerError with the code of AudioError or AugmentationError, `bad-input`; AUGMENTATION_CRASHED and
   * AUGMENTATION_STUCK, `transient`.
   */
  readonly makeVariant: (task: Omit<VariantTask, 'kind'>) => Promise<MadeVariant>
  /** The samples of a recording at a sample rate; throws as `makeVariant`. */
  readonly decode: (task: Omit<DecodeTask, 'kind'>) => Promise<Float32Array>
  readonly close: () => Promise<void>
}

export type AugmentPoolOptions = {
  readonly threads: number
  /** After so long a thread is taken for stuck and replaced (default 5 minutes: an hour of sound takes one). */
  readonly limitMs?: number
}

/**
 * Threads that compute, so that the event loop stays free to renew the locks of jobs. Because it does so whatever the threads do, a thread
 * that never answers would keep its job for ever, seen by nobody: hence the limit.
 */
export function createAugmentPool({ threads, limitMs = 300_000 }: AugmentPoolOptions): AugmentPool {
  const pool = new Piscina<VariantTask | DecodeTask, TaskResult>({
    ...findEntry(new URL('./augment-thread.ts', import.meta.url)),
    name: 'augment',
    minThreads: threads,
    maxThreads: threads,
  })
  const takeTurn = createTurns(threads)
  // A task's time begins when a thread is free for it, not while it waits for others.
  const run = (task: VariantTask | DecodeTask) => takeTurn(() => runTask(pool, task, limitMs))
  return {
    async makeVariant(task) {
      const result = await run({ kind: 'variant', ...task })
      if ('variant' in result) return result.variant
      throw refusal(result)
    },
    async decode(task) {
      const result = await run({ kind: 'decode', ...task })
      if ('samples' in result) return result.samples
      throw refusal(result)
    },
    close: () => pool.destroy(),
  }
}

/** Lets so many work at once, in the order in which they came. */
function createTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let working = 0
  return async (work) => {
    if (working >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else working += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) working -= 1
      else next()
    }
  }
}

function refusal(result: TaskResult): SerError {
  if (!('refused' in result)) throw new TypeError('a thread has answered another task')
  return new SerError(result.refused.code, result.refused.message, { kind: 'bad-input' })
}

async function runTask(
  pool: Piscina<VariantTask | DecodeTask, TaskResult>,
  task: VariantTask | DecodeTask,
  limitMs: number,
): Promise<TaskResult> {
  const limit = AbortSignal.timeout(limitMs)
  try {
    return await pool.run(task, { signal: limit })
  } catch (error) {
    if (limit.aborted) throw stuckError(limitMs, error)
    const reason = error instanceof Error ? error.message : String(error)
    throw new SerError('AUGMENTATION_CRASHED', `making a variant broke down: ${reason}`, {
      kind: 'transient',
      cause: error,
    })
  }
}

function stuckError(limitMs: number, cause: unknown): SerError {
  const message = `making a variant took more than ${limitMs / 1000} s, and its thread was replaced`
  return new SerError('AUGMENTATION_STUCK', message, { kind: 'transient', cause })
}
