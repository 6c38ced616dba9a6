import { blockLength, blockSums, frameLevels, type BlockSums } from './block-sums.ts'
import { checkFinite, countFrames, type Extractor, type FeatureFrames } from './extractor.ts'
import { checkSpec, defaultFeatureSpec, type LibrosaSpec } from './feature-spec.ts'
import { melSpectrogram } from './mel-spectrogram.ts'
import { dctMatrix, dctRow, levelLimits, meanDbOverTime, powerToDb } from './mfcc.ts'

/**
 * Makes an extractor in plain TypeScript: what `createExtractor` is tested against, and what it falls back to where
 * there is no WebAssembly with SIMD. Tables are computed once, buffers grow to the longest recording met.
 * Throws `FeatureError` (`unsupported_spec`).
 */
export function createReferenceExtractor(spec: LibrosaSpec = defaultFeatureSpec): Extractor {
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
    const frameCount = countFrames(samples, spec)
    const sums = finiteSums(samples)
    const values = new Float32Array(nMels + nMfcc + 2)
    const mel = melOf(samples, frameCount)
    for (let band = 0; band < nMels; band++) values[band] = columnMean(mel, band, nMels, frameCount)
    meanDbOverTime(mel, frameCount, db)
    // The DCT is linear: the mean of the frames' coefficients is the coefficients of the mean frame.
    for (let row = 0; row < nMfcc; row++) values[nMels + row] = dctRow(dct, row, db)
    const levels = meanLevels(sums, frameCount)
    values[nMels + nMfcc] = levels.zeroCrossingRate
    values[nMels + nMfcc + 1] = levels.rms
    return values
  }

  function finiteSums(samples: Float32Array): BlockSums {
    const sums = blockSums(samples, block)
    checkFinite(sums.squares)
    return sums
  }

  function meanLevels(sums: BlockSums, frameCount: number): { zeroCrossingRate: number; rms: number } {
    const mean = { zeroCrossingRate: 0, rms: 0 }
    for (let frame = 0; frame < frameCount; frame++) {
      const levels = frameLevels(sums, frame, spec)
      mean.zeroCrossingRate += levels.zeroCrossingRate / frameCount
      mean.rms += levels.rms / frameCount
    }
    return mean
  }

  function extractEveryFrame(samples: Float32Array): FeatureFrames {
    const frameCount = countFrames(samples, spec)
    const sums = finiteSums(samples)
    const mel = melOf(samples, frameCount)
    const { floor } = levelLimits(mel, frameCount * nMels)
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

function columnMean(matrix: Float64Array, column: number, columns: number, rows: number): number {
  let sum = 0
  for (let row = 0; row < rows; row++) sum += matrix[row * columns + column]
  return sum / rows
}
