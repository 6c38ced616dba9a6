import { FeatureError } from './errors.ts'
import type { FeatureSpec, LibrosaSpec } from './feature-spec.ts'

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

/** Computes a vector with one spec for many recordings, with memory that is kept from one to the next. */
export type VectorExtractor<Spec = FeatureSpec> = {
  readonly spec: Spec
  /** What the recording is pooled to, in the order of `featureNames`. */
  extract(samples: Float32Array): Float32Array
}

/** Of librosa's features the vector is the mean over time: nMels mel, nMfcc MFCC, ZCR, RMS. */
export type Extractor = VectorExtractor<LibrosaSpec> & {
  /** The features of every frame. */
  extractFrames(samples: Float32Array): FeatureFrames
}

/** The number of centred frames of a recording; refuses one without samples. */
export function countFrames(samples: Float32Array, { hopLength }: LibrosaSpec): number {
  if (samples.length === 0) throw new FeatureError('empty', 'the recording has no samples')
  return 1 + Math.floor(samples.length / hopLength)
}

/**
 * Refuses what has no features, given the sums of squares of all samples: they are finite only if every sample is
 * (the largest float32 squared is far from float64's limit).
 */
export function checkFinite(squares: Float64Array): void {
  let sum = 0
  for (let i = 0; i < squares.length; i++) sum += squares[i]
  if (Number.isFinite(sum)) return
  throw new FeatureError('not_finite', 'the recording has samples that are infinite or not a number')
}
