import { MessageChannel, type Transferable } from 'node:worker_threads'
import type { Readable } from 'node:stream'
import { SerError, canonicalJson, type FeatureSpec } from '@ser/contracts'
import { findEntry } from '@ser/processes'
import { Piscina } from 'piscina'
import type { FeatureValues } from './compute-vector.ts'
import type { ExtractResult, ExtractTask, TaskRecording, TaskReport } from './extract-task.ts'
import { gatherTurns } from './gather-turns.ts'
import { sendChunks } from './send-chunks.ts'

export type ExtractPool = {
  /**
   * The vector of a recording, computed in a thread, together with others of the same spec that wait. The bytes are
   * handed over: they are empty afterwards. With `alone` a thread that breaks down says of which recording it did.
   * @throws SerError with the code of AudioError or FeatureError, `bad-input`; EXTRACTION_CRASHED, `transient`.
   */
  readonly extract: (
    bytes: Uint8Array,
    spec: FeatureSpec,
    options?: { readonly alone?: boolean },
  ) => Promise<FeatureValues>
  /**
   * The same for a recording of `fileBytes` that is opened when a thread is free for it, and passes through.
   * @throws as `extract`, and what `open` or the stream throws
   */
  readonly extractReceived: (
    open: () => Promise<Readable>,
    fileBytes: number,
    spec: FeatureSpec,
  ) => Promise<FeatureValues>
  /** What each thread holds outside of its heap since its last turn, in bytes: WebAssembly's memory and arrays. */
  readonly threadMemory: () => ReadonlyMap<number, number>
  readonly close: () => Promise<void>
}

export type ExtractPoolOptions = {
  readonly threads: number
  /** What a recording may last, in seconds. */
  readonly maxSeconds: number
}

/** Some milliseconds of work for short recordings; a long one is a turn by itself. */
const TURN = { items: 8, bytes: 2 * 2 ** 20, patienceMs: 5 }

type TurnRecording = {
  readonly bytes: Uint8Array
  readonly spec: FeatureSpec
  readonly group: string
  readonly alone: boolean
}

/** Threads that compute, so that the event loop stays free to renew the locks of jobs. */
export function createExtractPool({ threads, maxSeconds }: ExtractPoolOptions): ExtractPool {
  const pool = new Piscina<ExtractTask, TaskReport>({
    ...findEntry(new URL('./extract-thread.ts', import.meta.url)),
    name: 'extract',
    minThreads: threads,
    maxThreads: threads,
  })
  const threadMemory = new Map<number, number>()
  const run = async (recordings: readonly TaskRecording[], spec: FeatureSpec) => {
    const { results, thread, externalBytes } = await runTask(pool, { recordings, spec, maxSeconds })
    threadMemory.set(thread, externalBytes)
    for (const known of threadMemory.keys())
      if (!pool.threads.some(({ threadId }) => threadId === known)) threadMemory.delete(known)
    return results
  }
  const extractInTurn = gatherTurns<TurnRecording, ExtractResult>({ turns: threads, ...TURN }, (turn) =>
    run(
      turn.map(({ bytes }) => ({ bytes })),
      turn[0].spec,
    ),
  )
  return {
    extract: async (bytes, spec, { alone = false } = {}) =>
      valuesOf(await extractInTurn({ bytes, spec, group: canonicalJson(spec), alone })),
    async extractReceived(open, fileBytes, spec) {
      const { port1, port2 } = new MessageChannel()
      const sent = sendChunks(port1, open)
      const [sending, extracting] = await Promise.allSettled([
        sent,
        run([{ port: port2, fileBytes }], spec).finally(() => port1.close()),
      ])
      // What broke the stream is the reason why the thread gave up.
      if (sending.status === 'rejected') throw sending.reason
      if (extracting.status === 'rejected') throw extracting.reason
      return valuesOf(extracting.value[0])
    },
    threadMemory: () => threadMemory,
    close: () => pool.destroy(),
  }
}

function valuesOf(result: ExtractResult): FeatureValues {
  if ('values' in result) return result.values
  if ('crashed' in result) throw crashed(result.crashed)
  throw new SerError(result.refused.code, result.refused.message, { kind: 'bad-input' })
}

async function runTask(pool: Piscina<ExtractTask, TaskReport>, task: ExtractTask): Promise<TaskReport> {
  try {
    return await pool.run(task, { transferList: task.recordings.flatMap(transferable) })
  } catch (error) {
    throw crashed(error instanceof Error ? error.message : String(error), error)
  }
}

function crashed(reason: string, cause?: unknown): SerError {
  return new SerError('EXTRACTION_CRASHED', `computing the features broke down: ${reason}`, {
    kind: 'transient',
    cause,
  })
}

function transferable(recording: TaskRecording): Transferable[] {
  if ('port' in recording) return [recording.port]
  const { buffer } = recording.bytes
  return buffer instanceof ArrayBuffer ? [buffer] : []
}
