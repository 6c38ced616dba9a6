import type { MessagePort } from 'node:worker_threads'
import { canonicalJson, failureKind, type FeatureSpec } from '@ser/contracts'
import { createVectorComputer, type ComputerOptions, type VectorComputer } from './compute-vector.ts'
import { receiveChunks } from './receive-chunks.ts'

/** A recording: its bytes, or where they are to be asked for and how many they are. */
export type TaskRecording = { readonly bytes: Uint8Array } | { readonly port: MessagePort; readonly fileBytes: number }

export type ExtractTask = { readonly recording: TaskRecording; readonly spec: FeatureSpec } & ComputerOptions

/** A refusal goes as data: an error loses its code and kind on the way between threads. */
export type ExtractResult =
  | { readonly values: Float32Array<ArrayBuffer> }
  | { readonly refused: { readonly code: string; readonly message: string } }

/** What a thread does with each task; it keeps the tables of the spec that it last had. */
export function createExtractTask(): (task: ExtractTask) => Promise<ExtractResult> {
  let ready: { key: string; computer: VectorComputer } | undefined
  return async ({ recording, spec, maxSeconds }) => {
    try {
      const key = canonicalJson({ spec, maxSeconds })
      if (ready?.key !== key) ready = { key, computer: createVectorComputer(spec, { maxSeconds }) }
      return { values: await computeRecording(ready.computer, recording) }
    } catch (error) {
      if (!(error instanceof Error) || failureKind(error) !== 'bad-input') throw error
      const code = 'code' in error ? String(error.code) : error.name
      return { refused: { code, message: error.message } }
    } finally {
      if ('port' in recording) recording.port.close()
    }
  }
}

async function computeRecording(
  computer: VectorComputer,
  recording: TaskRecording,
): Promise<Float32Array<ArrayBuffer>> {
  const values = await ('bytes' in recording
    ? computer.compute(recording.bytes)
    : computer.computeReceived(receiveChunks(recording.port), recording.fileBytes))
  // Of its own memory, which can be handed over.
  return new Float32Array(values)
}
