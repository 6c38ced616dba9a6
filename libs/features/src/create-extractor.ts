import { blockLength, blockSums, frameLevels } from './block-sums.ts'
import { FeatureError } from './errors.ts'
import { checkSpec, defaultFeatureSpec, type FeatureSpec } from './feature-spec.ts'
import { melSpectrogram } from './mel-spectrogram.ts'
import { dctMatrix, dctRow, levelLimits, meanDbOverTime, powerToDb } from './mfcc.ts'

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

/**
 * Makes an extractor: tables are computed once, buffers grow to the longest recording met.
 * Throws `FeatureError` (`unsupported_spec`).
 */
export function createExtractor(spec: FeatureSpec = defaultFeatureSpec): Extractor {
  checkSpec(spec)
  const { nMels, nMfcc } = spec
  const toMel = melSpectrogram(spec)
  const dct = dctMatrix(nMfcc, nMels)
  const block = blockLength(spec)
  const db = new Float64Array(nMels)
  let buffer = new Float64Array(0)

  function melOf(samples: Float32Array, frameCount: number): Float64Array {
    if (buffer.length < frameCount * nMels) buffer = new Float64Array(frameCount * nMels)
    toMel(samples, frameCount, buffer)
    return buffer
  }

  function extract(samples: Float32Array): Float32Array {
    const frameCount = checkSamples(samples, spec)
    const values = new Float32Array(nMels + nMfcc + 2)
    const mel = melOf(samples, frameCount)
    for (let band = 0; band < nMels; band++) values[band] = columnMean(mel, band, nMels, frameCount)
    meanDbOverTime(mel, frameCount, db)
    // The DCT is linear: the mean of the frames' coefficients is the coefficients of the mean frame.
    for (let row = 0; row < nMfcc; row++) values[nMels + row] = dctRow(dct, row, db)
    const levels = meanLevels(samples, frameCount)
    values[nMels + nMfcc] = levels.zeroCrossingRate
    values[nMels + nMfcc + 1] = levels.rms
    return values
  }

  function meanLevels(samples: Float32Array, frameCount: number): { zeroCrossingRate: number; rms: number } {
    const sums = blockSums(samples, block)
    const mean = { zeroCrossingRate: 0, rms: 0 }
    for (let frame = 0; frame < frameCount; frame++) {
      const levels = frameLevels(sums, frame, spec)
      mean.zeroCrossingRate += levels.zeroCrossingRate / frameCount
      mean.rms += levels.rms / frameCount
    }
    return mean
  }

  function extractEveryFrame(samples: Float32Array): FeatureFrames {
    const frameCount = checkSamples(samples, spec)
    const mel = melOf(samples, frameCount)
    const { floor } = levelLimits(mel, frameCount * nMels)
    const sums = blockSums(samples, block)
    const mfcc = new Float32Array(frameCount * nMfcc)
    const zcr = new Float32Array(frameCount)
    const rms = new Float32Array(frameCount)
    for (let frame = 0; frame < frameCount; frame++) {
      for (let band = 0; band < nMels; band++) db[band] = powerToDb(mel[frame * nMels + band], floor)
      for (let row = 0; row < nMfcc; row++) mfcc[frame * nMfcc + row] = dctRow(dct, row, db)
      const levels = frameLevels(sums, frame, spec)
      zcr[frame] = levels.zeroCrossingRate
      rms[frame] = levels.rms
    }
    return { frameCount, mel: Float32Array.from(mel.subarray(0, frameCount * nMels)), mfcc, zcr, rms }
  }

  return { spec, extract, extractFrames: extractEveryFrame }
}

/** The number of centred frames of a recording; refuses what has no features. */
function checkSamples(samples: Float32Array, { hopLength }: FeatureSpec): number {
  if (samples.length === 0) throw new FeatureError('empty', 'the recording has no samples')
  // A sum is finite only if every term is (the largest float32 squared is far from float64's limit).
  let sum = 0
  for (let i = 0; i < samples.length; i++) sum += samples[i]
  if (!Number.isFinite(sum)) {
    throw new FeatureError('not_finite', 'the recording has samples that are infinite or not a number')
  }
  return 1 + Math.floor(samples.length / hopLength)
}

function columnMean(matrix: Float64Array, column: number, columns: number, rows: number): number {
  let sum = 0
  for (let row = 0; row < rows; row++) sum += matrix[row * columns + column]
  return sum / rows
}
