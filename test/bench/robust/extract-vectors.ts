import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { FeatureSpec } from '@ser/features'
import { findEntry } from '@ser/processes'
import type { ExtractData, ExtractedVector, ExtractTask } from './extract-thread.ts'
import type { Backgrounds } from './read-noises.ts'
import type { Recording } from './read-recordings.ts'
import type { Variant, VariedRecording } from './vary-recording.ts'
import type { VectorCache } from './vector-cache.ts'

export type Need = { readonly recording: Recording; readonly variants: readonly Variant[] }
export type ExtractOptions = {
  readonly spec: FeatureSpec
  readonly backgrounds: Backgrounds
  readonly cache: VectorCache
  readonly threads: number
  /** Recordings whose other voices make the babble of their variants: RAVDESS, by speaker. */
  readonly siblingsOf: (recording: Recording) => readonly string[]
  readonly onProgress: (done: number, all: number) => void
}

/** Makes what the cache does not have, a recording at a time in each of the threads. */
export async function extractVectors(needs: readonly Need[], options: ExtractOptions): Promise<void> {
  const { cache, spec, backgrounds, siblingsOf, onProgress } = options
  await cache.load([...new Set(needs.flatMap(({ variants }) => variants))])
  const missing = needs
    .map(({ recording, variants }) => ({
      recording,
      variants: variants.filter((variant) => cache.get(variant, recording.sha256) === undefined),
    }))
    .filter(({ variants }) => variants.length > 0)
  const queue = missing.values()
  let done = 0
  const workerData: ExtractData = { spec, backgrounds }
  const { filename, ...node } = findEntry(new URL('./extract-thread.ts', import.meta.url))
  const work = async () => {
    let worker: Worker | undefined
    try {
      for (const { recording, variants } of queue) {
        worker ??= new Worker(new URL(filename), { ...node, workerData })
        const varied: VariedRecording = { ...recording, siblings: siblingsOf(recording) }
        const task: ExtractTask = { recording: varied, variants }
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
        worker.postMessage(task)
        // `once` rejects when the thread reports an error.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the thread posts
        const [made] = (await once(worker, 'message')) as [ExtractedVector[]]
        for (const { variant, ...kept } of made) await cache.put(variant, recording.sha256, kept)
        onProgress((done += 1), missing.length)
      }
    } finally {
      await worker?.terminate()
    }
  }
  await Promise.all(Array.from({ length: options.threads }, work))
}
