import { createWaveformReader, probeAudio, streamWaveform } from '@ser/audio'
import { canonicalJson, failureKind, type FeatureSpec } from '@ser/contracts'
import { createExtractor, createRowExtractor, createStreamingExtractor } from '@ser/features'
import { createFileReader } from './create-file-reader.ts'
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
  const readFile = createFileReader()
  const read = createWaveformReader({ sampleRate: spec.sampleRate, maxSeconds })
  if (spec.pooling === 'frames') {
    const toRows = createRowExtractor(spec)
    return async ({ file, format }) => {
      const rows = await read(readFile(file), ({ samples }) => toRows(samples))
      return { text: renderFrames(format === 'csv' ? 'csv' : 'jsonl', file, rows, spec) }
    }
  }
  const extractor = createExtractor(spec)
  return async ({ file, format }) => {
    const bytes = readFile(file)
    const values = isLong(bytes)
      ? extractInBlocks(bytes, spec, maxSeconds)
      : await read(bytes, ({ samples }) => extractor.extract(samples))
    return format === 'npy' ? { values } : { text: renderVector(format, file, values, spec) }
  }
}

// Longer ones pass through in blocks, so that a thread's memory does not grow with them.
const LONG_SECONDS = 120

/** MP3, Ogg and WebM are decoded as a whole. */
function isLong(bytes: Uint8Array): boolean {
  const { container, frames, sampleRate } = probeAudio(bytes)
  return frames > LONG_SECONDS * sampleRate && !['mp3', 'ogg', 'webm'].includes(container)
}

function extractInBlocks(bytes: Uint8Array, spec: FeatureSpec, maxSeconds: number): Float32Array {
  const extractor = createStreamingExtractor(spec, { maxSeconds: maxSeconds + 1 })
  for (const block of streamWaveform(bytes, { sampleRate: spec.sampleRate, maxSeconds })) extractor.push(block)
  return extractor.finish()
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
