import { createAnalysis, type Analysis } from './analyse-recording.ts'
import { frameLevels } from './block-sums.ts'
import type { Extractor, FeatureFrames } from './extractor.ts'
import { checkSpec, defaultFeatureSpec, type FeatureSpec } from './feature-spec.ts'
import { loadKernels } from './kernels.ts'
import { dctMatrix, dctRow, powerToDb } from './mfcc.ts'
import { createReferenceExtractor } from './reference-extractor.ts'

/**
 * Makes an extractor: tables are computed once, memory grows to the longest recording met and stays. The work is
 * done by WebAssembly SIMD kernels (assembly/), two frames at once; where that is missing, by plain TypeScript.
 *
 * @throws FeatureError `unsupported_spec`
 */
export function createExtractor(spec: FeatureSpec = defaultFeatureSpec): Extractor {
  checkSpec(spec)
  const kernels = loadKernels()
  if (!kernels) return createReferenceExtractor(spec)
  const analysis = createAnalysis(spec, kernels)
  const dct = dctMatrix(spec.nMfcc, spec.nMels)
  const db = new Float64Array(spec.nMels)
  return {
    spec,
    extract: (samples) => meanFeatures(analysis(samples), { spec, dct, db }),
    extractFrames: (samples) => frameFeatures(analysis(samples), { spec, dct, db }),
  }
}

type Pooling = { readonly spec: FeatureSpec; readonly dct: Float64Array; readonly db: Float64Array }

/** The mean over time of every feature. The DCT is linear: it is taken of the mean dB. */
function meanFeatures(analysis: Analysis, { spec, dct, db }: Pooling): Float32Array {
  const { nMels, nMfcc } = spec
  const { frameCount, columns, melSums, top, products, blocks } = analysis
  const values = new Float32Array(nMels + nMfcc + 2)
  for (let band = 0; band < nMels; band++) {
    values[band] = melSums[band] / frameCount
    let logarithms = 0
    for (let at = band; at < products.length; at += columns) logarithms += Math.log10(products[at])
    db[band] = 10 * (Math.log10(top) + logarithms / frameCount)
  }
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

function frameFeatures(analysis: Analysis, { spec, dct, db }: Pooling): FeatureFrames {
  const { nMels, nMfcc } = spec
  const { frameCount, columns, floor, blocks } = analysis
  const mel = new Float32Array(frameCount * nMels)
  const mfcc = new Float32Array(frameCount * nMfcc)
  const zcr = new Float32Array(frameCount)
  const rms = new Float32Array(frameCount)
  for (let frame = 0; frame < frameCount; frame++) {
    const row = analysis.mel.subarray(frame * columns, frame * columns + nMels)
    mel.set(row, frame * nMels)
    for (let band = 0; band < nMels; band++) db[band] = powerToDb(row[band], floor)
    for (let i = 0; i < nMfcc; i++) mfcc[frame * nMfcc + i] = dctRow(dct, i, db)
    const levels = frameLevels(blocks, frame, spec)
    zcr[frame] = levels.zeroCrossingRate
    rms[frame] = levels.rms
  }
  return { frameCount, mel, mfcc, zcr, rms }
}
