import { createAnalysis, type Analysis } from './analyse-recording.ts'
import { frameLevels } from './block-sums.ts'
import type { Extractor, FeatureFrames, VectorExtractor } from './extractor.ts'
import { checkSpec, defaultFeatureSpec, type FeatureSpec, type LibrosaSpec } from './feature-spec.ts'
import { loadKernels } from './kernels.ts'
import { dctMatrix, dctRow } from './mfcc.ts'
import { createReferenceExtractor } from './reference-extractor.ts'
import { createVoiceExtractor } from './voice/voice-extractor.ts'

/**
 * Makes an extractor: tables are computed once, memory grows to the longest recording met and stays. librosa's features
 * are made by WebAssembly SIMD kernels (assembly/), four frames at once in float32; where that is missing, by plain
 * TypeScript, as the statistics of a voice are (see `createVoiceExtractor`).
 *
 * @throws FeatureError `unsupported_spec`
 */
export function createExtractor(spec?: LibrosaSpec): Extractor
export function createExtractor(spec: FeatureSpec): VectorExtractor
export function createExtractor(spec: FeatureSpec = defaultFeatureSpec): VectorExtractor {
  return spec.kind === 'voice' ? createVoiceExtractor(spec) : createLibrosaExtractor(spec)
}

function createLibrosaExtractor(spec: LibrosaSpec): Extractor {
  checkSpec(spec)
  const kernels = loadKernels()
  if (!kernels) return createReferenceExtractor(spec)
  const analyse = createAnalysis(spec, kernels)
  const dct = dctMatrix(spec.nMfcc, spec.nMels)
  const db = new Float64Array(spec.nMels)
  return {
    spec,
    extract: (samples) => meanFeatures(analyse(samples), { spec, dct, db }),
    extractFrames: (samples) => frameFeatures(analyse(samples), spec),
  }
}

type Pooling = { readonly spec: LibrosaSpec; readonly dct: Float64Array; readonly db: Float64Array }

/** The mean over time of every feature. The DCT is linear: it is taken of the mean dB. */
function meanFeatures(analysis: Analysis, { spec, dct, db }: Pooling): Float32Array {
  const { nMels, nMfcc } = spec
  const { frameCount, blocks } = analysis
  const values = new Float32Array(nMels + nMfcc + 2)
  const { sums, top } = analysis.sumOverTime()
  for (let band = 0; band < nMels; band++) values[band] = sums[band] / frameCount
  analysis.meanDb(top, db)
  for (let row = 0; row < nMfcc; row++) values[nMels + row] = dctRow(dct, row, db)
  let crossings = 0
  let levels = 0
  for (let frame = 0; frame < frameCount; frame++) {
    const { zeroCrossingRate, rms } = frameLevels(blocks, frame, spec)
    crossings += zeroCrossingRate
    levels += rms
  }
  values[nMels + nMfcc] = crossings / frameCount
  values[nMels + nMfcc + 1] = levels / frameCount
  return values
}

function frameFeatures(analysis: Analysis, spec: LibrosaSpec): FeatureFrames {
  const { frameCount, bands, blocks } = analysis
  const { values, coefficients } = analysis.mfcc(analysis.sumOverTime().top)
  const zcr = new Float32Array(frameCount)
  const rms = new Float32Array(frameCount)
  for (let frame = 0; frame < frameCount; frame++) {
    const levels = frameLevels(blocks, frame, spec)
    zcr[frame] = levels.zeroCrossingRate
    rms[frame] = levels.rms
  }
  return {
    frameCount,
    mel: firstColumns(analysis.mel, bands, spec.nMels),
    mfcc: firstColumns(values, coefficients, spec.nMfcc),
    zcr,
    rms,
  }
}

/** A copy of the first `kept` columns of a matrix. */
function firstColumns(matrix: Float32Array, columns: number, kept: number): Float32Array {
  if (kept === columns) return matrix.slice()
  const rows = matrix.length / columns
  const copy = new Float32Array(rows * kept)
  for (let row = 0; row < rows; row++) copy.set(matrix.subarray(row * columns, row * columns + kept), row * kept)
  return copy
}
