import { readFile } from 'node:fs/promises'
import { createAsyncWaveformLoader } from '@ser/audio'
import { canonicalJson, failureKind, type FeatureSpec } from '@ser/contracts'
import { createExtractor } from '@ser/features'
import { renderFrames, renderVector, type TextFormat } from './render-features.ts'

export type FileTask = {
  readonly file: string
  readonly spec: FeatureSpec
  readonly format: TextFormat | 'npy'
  readonly maxSeconds: number
}

export type FileRefusal = { readonly code: string; readonly message: string }

/** A thread's answer: text that is ready to be written, or for npy the values; or why there are none. */
export type FileResult =
  | { readonly text: string }
  | { readonly values: Float32Array }
  | { readonly refused: FileRefusal }

/** What a thread does with each file; it keeps the tables of the spec that it last had. */
export function createFileExtractor(): (task: FileTask) => Promise<FileResult> {
  let ready: { key: string; compute: (task: FileTask) => Promise<FileResult> } | undefined
  return async (task) => {
    try {
      const key = canonicalJson({ spec: task.spec, maxSeconds: task.maxSeconds })
      if (ready?.key !== key) ready = { key, compute: createComputer(task) }
      return await ready.compute(task)
    } catch (error) {
      return { refused: describeRefusal(error) }
    }
  }
}

function createComputer({ spec, maxSeconds }: FileTask): (task: FileTask) => Promise<FileResult> {
  const load = createAsyncWaveformLoader({ sampleRate: spec.sampleRate, maxSeconds })
  const extractor = createExtractor(spec)
  return async ({ file, format }) => {
    const { samples } = await load(await readFile(file))
    if (spec.pooling === 'frames') {
      return { text: renderFrames(format === 'csv' ? 'csv' : 'jsonl', file, extractor.extractFrames(samples), spec) }
    }
    const values = extractor.extract(samples)
    return format === 'npy' ? { values } : { text: renderVector(format, file, values, spec) }
  }
}

/** A refusal is a line of the result; what is nobody's fault but the program's ends it. */
function describeRefusal(error: unknown): FileRefusal {
  if (!(error instanceof Error) || !('code' in error)) throw error
  if ('syscall' in error) {
    return { code: 'FILE_NOT_READABLE', message: `the file cannot be read (${String(error.code)})` }
  }
  if (failureKind(error) !== 'bad-input') throw error
  return { code: String(error.code), message: error.message }
}
