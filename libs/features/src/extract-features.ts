import { createExtractor } from './create-extractor.ts'
import type { FeatureFrames } from './extractor.ts'
import { defaultFeatureSpec, type FeatureSpec, type LibrosaSpec } from './feature-spec.ts'

/**
 * The features of one recording, averaged over time: librosa 0.11's melspectrogram, mfcc, zero_crossing_rate and rms; or the
 * statistics of a voice, when the spec is of that kind.
 * For many recordings `createExtractor` saves the tables.
 *
 * @param samples mono, at the spec's sample rate, full scale 1, [samples]
 * @returns nMels mel (power), nMfcc MFCC, ZCR (crossings a sample), RMS, [170] by default; [240] of a voice
 * @throws FeatureError `empty`, `not_finite`, `unsupported_spec`, `too_long` (a voice of more than ten minutes)
 * @example extractFeatures(loadWaveform(bytes, { sampleRate: 22050 }).samples)
 */
export function extractFeatures(samples: Float32Array, spec: FeatureSpec = defaultFeatureSpec): Float32Array {
  return createExtractor(spec).extract(samples)
}

/** The features of one recording for every frame (hopLength samples apart, centred). Errors as `extractFeatures`. */
export function extractFrames(samples: Float32Array, spec: LibrosaSpec = defaultFeatureSpec): FeatureFrames {
  return createExtractor(spec).extractFrames(samples)
}
