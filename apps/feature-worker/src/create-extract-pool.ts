import { SerError, type FeatureSpec } from '@ser/contracts'
import { Piscina } from 'piscina'
import type { ExtractResult, ExtractTask } from './extract-task.ts'

export type ExtractPool = {
  /**
   * The vector of a recording, computed in a thread. The bytes are handed over: they are empty afterwards.
   * @throws SerError with the code of AudioError or FeatureError, `bad-input`; EXTRACTION_CRASHED, `transient`.
   */
  readonly extract: (bytes: Uint8Array, spec: FeatureSpec) => Promise<Float32Array>
  readonly close: () => Promise<void>
}

/** Threads that compute, so that the event loop stays free to renew the locks of jobs. */
export function createExtractPool({ threads }: { readonly threads: number }): ExtractPool {
  // From source this file is TypeScript, and so is the thread's; in a bundle both are JavaScript.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const pool = new Piscina<ExtractTask, ExtractResult>({
    filename: new URL(`./extract-thread.${extension}`, import.meta.url).href,
    name: 'extract',
    minThreads: threads,
    maxThreads: threads,
  })
  return {
    async extract(bytes, spec) {
      const result = await runTask(pool, { bytes, spec })
      if ('values' in result) return result.values
      throw new SerError(result.refused.code, result.refused.message, { kind: 'bad-input' })
    },
    close: () => pool.destroy(),
  }
}

async function runTask(pool: Piscina<ExtractTask, ExtractResult>, task: ExtractTask): Promise<ExtractResult> {
  const { buffer } = task.bytes
  try {
    return await pool.run(task, { transferList: buffer instanceof ArrayBuffer ? [buffer] : [] })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SerError('EXTRACTION_CRASHED', `computing the features broke down: ${reason}`, {
      kind: 'transient',
      cause: error,
    })
  }
}
