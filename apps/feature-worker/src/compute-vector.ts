import { createAsyncWaveformLoader, probeAudio, streamWaveform } from '@ser/audio'
import { featureLength, type FeatureSpec } from '@ser/contracts'
import { createExtractor, createStreamingExtractor, type FeatureFrames } from '@ser/features'

/** Computes the vector of a recording's bytes; tables are kept from one recording to the next. */
export type VectorComputer = (bytes: Uint8Array) => Promise<Float32Array>

// Longer ones pass through in blocks, so that a thread's memory does not grow with them.
const LONG_SECONDS = 120
/** What a recording may last when it passes through in blocks. */
const MOST_SECONDS = 7200

/**
 * Decode, mix down, resample, features. With `mean` pooling [F] values, with `frames` [frames, F], row by row.
 * Rejects with AudioError and FeatureError, whose kind is `bad-input`.
 */
export function createVectorComputer(spec: FeatureSpec): VectorComputer {
  const extractor = createExtractor(spec)
  const loadWaveform = createAsyncWaveformLoader({ sampleRate: spec.sampleRate })
  if (spec.pooling === 'mean') {
    return async (bytes) =>
      isLong(bytes) ? extractInBlocks(bytes, spec) : extractor.extract((await loadWaveform(bytes)).samples)
  }
  return async (bytes) => interleave(spec, extractor.extractFrames((await loadWaveform(bytes)).samples))
}

/** MP3, Ogg and WebM are decoded as a whole, and refused when they last longer than that allows. */
function isLong(bytes: Uint8Array): boolean {
  const { container, frames, sampleRate } = probeAudio(bytes)
  return frames > LONG_SECONDS * sampleRate && !['mp3', 'ogg', 'webm'].includes(container)
}

function extractInBlocks(bytes: Uint8Array, spec: FeatureSpec): Float32Array {
  const extractor = createStreamingExtractor(spec, { maxSeconds: MOST_SECONDS + 1 })
  for (const block of streamWaveform(bytes, { sampleRate: spec.sampleRate, maxSeconds: MOST_SECONDS })) {
    extractor.push(block)
  }
  return extractor.finish()
}

function interleave(spec: FeatureSpec, { frameCount, mel, mfcc, zcr, rms }: FeatureFrames): Float32Array {
  const length = featureLength(spec)
  const values = new Float32Array(frameCount * length)
  for (let frame = 0; frame < frameCount; frame += 1) {
    const row = values.subarray(frame * length, (frame + 1) * length)
    row.set(mel.subarray(frame * spec.nMels, (frame + 1) * spec.nMels))
    row.set(mfcc.subarray(frame * spec.nMfcc, (frame + 1) * spec.nMfcc), spec.nMels)
    row[length - 2] = zcr[frame]
    row[length - 1] = rms[frame]
  }
  return values
}
