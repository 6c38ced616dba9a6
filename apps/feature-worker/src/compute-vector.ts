import { createWaveformLoader } from '@ser/audio'
import { featureLength, type FeatureSpec } from '@ser/contracts'
import { createExtractor, type FeatureFrames } from '@ser/features'

/** Computes the vector of a recording's bytes; tables are kept from one recording to the next. */
export type VectorComputer = (bytes: Uint8Array) => Float32Array

/**
 * Decode, mix down, resample, features. With `mean` pooling [F] values, with `frames` [frames, F], row by row.
 * @throws AudioError and FeatureError, whose kind is `bad-input`.
 */
export function createVectorComputer(spec: FeatureSpec): VectorComputer {
  const extractor = createExtractor(spec)
  const loadWaveform = createWaveformLoader({ sampleRate: spec.sampleRate })
  if (spec.pooling === 'mean') return (bytes) => extractor.extract(loadWaveform(bytes).samples)
  return (bytes) => interleave(spec, extractor.extractFrames(loadWaveform(bytes).samples))
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
