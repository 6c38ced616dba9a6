import { getHeapStatistics } from 'node:v8'
import { threadId, type MessagePort } from 'node:worker_threads'
import { canonicalJson, failureKind, type FeatureSpec } from '@ser/contracts'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import {
  createVectorComputer,
  type ComputerOptions,
  type FeatureValues,
  type VectorComputer,
} from './compute-vector.ts'
import { receiveChunks } from './receive-chunks.ts'

/** A recording: its bytes, or where they are to be asked for and how many they are. */
export type TaskRecording = { readonly bytes: Uint8Array } | { readonly port: MessagePort; readonly fileBytes: number }

/** Several recordings are one task, because handing a task over and back costs as much as a third of a short recording. */
export type ExtractTask = {
  readonly recordings: readonly TaskRecording[]
  readonly spec: FeatureSpec
} & ComputerOptions

/** A refusal goes as data: an error loses its code and kind on the way between threads. */
export type ExtractResult =
  | { readonly values: FeatureValues }
  | { readonly refused: { readonly code: string; readonly message: string } }
  | { readonly crashed: string }

export type TaskReport = {
  /** In the order of the recordings. */
  readonly results: readonly ExtractResult[]
  readonly thread: number
  /** What the thread holds outside of its heap: WebAssembly's memory and arrays. */
  readonly externalBytes: number
}

/** What a thread does with each task; it keeps the tables of the spec that it last had. */
export function createExtractTask(): (task: ExtractTask) => Promise<TaskReport> {
  let ready: { key: string; computer: VectorComputer } | undefined
  return async ({ recordings, spec, maxSeconds }) => {
    const key = canonicalJson({ spec, maxSeconds })
    const results: ExtractResult[] = []
    for (const recording of recordings)
      results.push(
        await attempt(recording, () => {
          if (ready?.key !== key) ready = { key, computer: createVectorComputer(spec, { maxSeconds }) }
          return ready.computer
        }),
      )
    return { results, thread: threadId, externalBytes: getHeapStatistics().external_memory }
  }
}

/** The report without a copy of its arrays; for the end of a thread's task. */
export function moveReport(report: TaskReport): TaskReport {
  const buffers = report.results.flatMap((result) => ('values' in result ? [result.values.buffer] : []))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- piscina puts the report in the place of its wrapper
  return move({ [transferableSymbol]: buffers, [valueSymbol]: report }) as unknown as TaskReport
}

async function attempt(recording: TaskRecording, prepare: () => VectorComputer): Promise<ExtractResult> {
  try {
    return { values: await computeRecording(prepare(), recording) }
  } catch (error) {
    if (!(error instanceof Error)) return { crashed: String(error) }
    if (failureKind(error) !== 'bad-input') return { crashed: error.message }
    const code = 'code' in error ? String(error.code) : error.name
    return { refused: { code, message: error.message } }
  } finally {
    if ('port' in recording) recording.port.close()
  }
}

function computeRecording(computer: VectorComputer, recording: TaskRecording): Promise<FeatureValues> {
  return 'bytes' in recording
    ? computer.compute(recording.bytes)
    : computer.computeReceived(receiveChunks(recording.port), recording.fileBytes)
}
