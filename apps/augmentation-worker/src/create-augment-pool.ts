import { SerError } from '@ser/contracts'
import { Piscina } from 'piscina'
import type { DecodeTask, MadeVariant, TaskResult, VariantTask } from './augment-task.ts'

export type AugmentPool = {
  /**
   * A variant of a recording, made in a thread.
   * @throws SerError with the code of AudioError or AugmentationError, `bad-input`; AUGMENTATION_CRASHED, `transient`.
   */
  readonly makeVariant: (task: Omit<VariantTask, 'kind'>) => Promise<MadeVariant>
  /** The samples of a recording at a sample rate; throws as `makeVariant`. */
  readonly decode: (task: Omit<DecodeTask, 'kind'>) => Promise<Float32Array>
  readonly close: () => Promise<void>
}

/** Threads that compute, so that the event loop stays free to renew the locks of jobs. */
export function createAugmentPool({ threads }: { readonly threads: number }): AugmentPool {
  // From source this file is TypeScript, and so is the thread's; in a bundle both are JavaScript.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const pool = new Piscina<VariantTask | DecodeTask, TaskResult>({
    filename: new URL(`./augment-thread.${extension}`, import.meta.url).href,
    name: 'augment',
    minThreads: threads,
    maxThreads: threads,
  })
  return {
    async makeVariant(task) {
      const result = await runTask(pool, { kind: 'variant', ...task })
      if ('variant' in result) return result.variant
      throw refusal(result)
    },
    async decode(task) {
      const result = await runTask(pool, { kind: 'decode', ...task })
      if ('samples' in result) return result.samples
      throw refusal(result)
    },
    close: () => pool.destroy(),
  }
}

function refusal(result: TaskResult): SerError {
  if (!('refused' in result)) throw new TypeError('a thread has answered another task')
  return new SerError(result.refused.code, result.refused.message, { kind: 'bad-input' })
}

async function runTask(
  pool: Piscina<VariantTask | DecodeTask, TaskResult>,
  task: VariantTask | DecodeTask,
): Promise<TaskResult> {
  try {
    return await pool.run(task)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SerError('AUGMENTATION_CRASHED', `making a variant broke down: ${reason}`, {
      kind: 'transient',
      cause: error,
    })
  }
}
