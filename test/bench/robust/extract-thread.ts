import { parentPort, workerData } from 'node:worker_threads'
import { createResampler, type Resampler } from '@ser/audio'
import { createRowExtractor, type FeatureSpec } from '@ser/features'
import type { Backgrounds } from './read-noises.ts'
import { createVariator, type Variant, type VariedRecording } from './vary-recording.ts'

export type ExtractData = { readonly spec: FeatureSpec; readonly backgrounds: Backgrounds }
export type ExtractTask = { readonly recording: VariedRecording; readonly variants: readonly Variant[] }
export type ExtractedVector = {
  readonly variant: Variant
  readonly heard: readonly string[]
  readonly vector: Float32Array
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what extract-vectors.ts gave
const { spec, backgrounds } = workerData as ExtractData
const extract = createRowExtractor(spec)
const vary = createVariator(backgrounds)
const resamplers = new Map<number, Resampler>()

parentPort?.on('message', ({ recording, variants }: ExtractTask) => {
  const made: ExtractedVector[] = []
  for (const { variant, samples, heard, rate } of vary(recording, variants)) {
    const resampler = resamplers.get(rate) ?? createResampler(rate, spec.sampleRate)
    resamplers.set(rate, resampler)
    made.push({ variant, heard, vector: extract(resampler(samples)) })
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(made)
})
