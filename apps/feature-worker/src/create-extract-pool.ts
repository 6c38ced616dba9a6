import { MessageChannel } from 'node:worker_threads'
import type { Readable } from 'node:stream'
import { SerError, type FeatureSpec } from '@ser/contracts'
import { Piscina } from 'piscina'
import type { ExtractResult, ExtractTask, TaskRecording } from './extract-task.ts'
import { sendChunks } from './send-chunks.ts'

export type ExtractPool = {
  /**
   * The vector of a recording, computed in a thread. The bytes are handed over: they are empty afterwards.
   * @throws SerError with the code of AudioError or FeatureError, `bad-input`; EXTRACTION_CRASHED, `transient`.
   */
  readonly extract: (bytes: Uint8Array, spec: FeatureSpec) => Promise<Float32Array>
  /**
   * The same for a recording of `fileBytes` that is opened when a thread is free for it, and passes through.
   * @throws as `extract`, and what `open` or the stream throws
   */
  readonly extractReceived: (
    open: () => Promise<Readable>,
    fileBytes: number,
    spec: FeatureSpec,
  ) => Promise<Float32Array>
  readonly close: () => Promise<void>
}

export type ExtractPoolOptions = {
  readonly threads: number
  /** What a recording may last, in seconds. */
  readonly maxSeconds: number
}

/** Threads that compute, so that the event loop stays free to renew the locks of jobs. */
export function createExtractPool({ threads, maxSeconds }: ExtractPoolOptions): ExtractPool {
  const pool = new Piscina<ExtractTask, ExtractResult>({
    ...threadFile(),
    name: 'extract',
    minThreads: threads,
    maxThreads: threads,
  })
  const run = async (recording: TaskRecording, spec: FeatureSpec) =>
    valuesOf(await runTask(pool, { recording, spec, maxSeconds }))
  return {
    extract: (bytes, spec) => run({ bytes }, spec),
    async extractReceived(open, fileBytes, spec) {
      const { port1, port2 } = new MessageChannel()
      const sent = sendChunks(port1, open)
      const [sending, extracting] = await Promise.allSettled([
        sent,
        run({ port: port2, fileBytes }, spec).finally(() => port1.close()),
      ])
      // What broke the stream is the reason why the thread gave up.
      if (sending.status === 'rejected') throw sending.reason
      if (extracting.status === 'rejected') throw extracting.reason
      return extracting.value
    },
    close: () => pool.destroy(),
  }
}

/** From source this file is TypeScript, and so is the thread's; in a bundle both are JavaScript. */
function threadFile(): { filename: string; execArgv?: string[] } {
  if (!import.meta.url.endsWith('.ts')) return { filename: new URL('./extract-thread.js', import.meta.url).href }
  return {
    filename: new URL('./extract-thread.ts', import.meta.url).href,
    execArgv: ['--import', import.meta.resolve('tsx'), '-C', 'ser-source'],
  }
}

function valuesOf(result: ExtractResult): Float32Array {
  if ('values' in result) return result.values
  throw new SerError(result.refused.code, result.refused.message, { kind: 'bad-input' })
}

async function runTask(pool: Piscina<ExtractTask, ExtractResult>, task: ExtractTask): Promise<ExtractResult> {
  try {
    return await pool.run(task, { transferList: transferable(task.recording) })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SerError('EXTRACTION_CRASHED', `computing the features broke down: ${reason}`, {
      kind: 'transient',
      cause: error,
    })
  }
}

function transferable(recording: TaskRecording) {
  if ('port' in recording) return [recording.port]
  const { buffer } = recording.bytes
  return buffer instanceof ArrayBuffer ? [buffer] : []
}
