import { FeatureError } from './errors.ts'
import type { FeatureSpec } from './feature-spec.ts'

/** The features of every frame. Matrices are row-major [frame][value]. */
export type FeatureFrames = {
  readonly frameCount: number
  /** [frameCount][nMels], power. */
  readonly mel: Float32Array
  /** [frameCount][nMfcc], from dB. */
  readonly mfcc: Float32Array
  /** [frameCount], crossings a sample. */
  readonly zcr: Float32Array
  /** [frameCount], of full scale. */
  readonly rms: Float32Array
}

/** Computes features with one spec for many recordings, with memory that is kept from one to the next. */
export type Extractor = {
  readonly spec: FeatureSpec
  /** The mean over time of every feature: nMels mel, nMfcc MFCC, ZCR, RMS. */
  extract(samples: Float32Array): Float32Array
  /** The features of every frame. */
  extractFrames(samples: Float32Array): FeatureFrames
}

/** The number of centred frames of a recording; refuses what has no features. */
export function checkSamples(samples: Float32Array, { hopLength }: FeatureSpec): number {
  if (samples.length === 0) throw new FeatureError('empty', 'the recording has no samples')
  // A sum is finite only if every term is (the largest float32 squared is far from float64's limit).
  if (!Number.isFinite(sumOf(samples))) {
    throw new FeatureError('not_finite', 'the recording has samples that are infinite or not a number')
  }
  return 1 + Math.floor(samples.length / hopLength)
}

/** Four sums side by side: one alone waits for every addition before the next. */
function sumOf(samples: Float32Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0]
  const whole = samples.length - (samples.length % 4)
  for (let i = 0; i < whole; i += 4) {
    first += samples[i]
    second += samples[i + 1]
    third += samples[i + 2]
    fourth += samples[i + 3]
  }
  for (let i = whole; i < samples.length; i++) first += samples[i]
  return first + second + third + fourth
}
