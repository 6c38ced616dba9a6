import { createAsyncWaveformLoader } from '@ser/audio'
import { featureLength, type FeatureSpec } from '@ser/contracts'
import { createExtractor, type FeatureFrames } from '@ser/features'

/** Computes the vector of a recording's bytes; tables are kept from one recording to the next. */
export type VectorComputer = (bytes: Uint8Array) => Promise<Float32Array>

/**
 * Decode, mix down, resample, features. With `mean` pooling [F] values, with `frames` [frames, F], row by row.
 * Rejects with AudioError and FeatureError, whose kind is `bad-input`.
 */
export function createVectorComputer(spec: FeatureSpec): VectorComputer {
  const extractor = createExtractor(spec)
  const loadWaveform = createAsyncWaveformLoader({ sampleRate: spec.sampleRate })
  if (spec.pooling === 'mean') return async (bytes) => extractor.extract((await loadWaveform(bytes)).samples)
  return async (bytes) => interleave(spec, extractor.extractFrames((await loadWaveform(bytes)).samples))
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
