import { defaultFeatureSpec } from '@ser/features'

const { nMels, nMfcc, hopLength } = defaultFeatureSpec

/** The largest error of a feature group over all recordings, and where it is. */
export type LargestError = { readonly error: number; readonly path: string; readonly index: number }

export type GroupErrors = Record<'mel' | 'mfcc' | 'zcr' | 'rms', LargestError>

export function noErrors(): GroupErrors {
  const none = { error: 0, path: '', index: -1 }
  return { mel: none, mfcc: none, zcr: none, rms: none }
}

type Pair = { readonly path: string; readonly frames: number; readonly ours: Float32Array; readonly theirs: number[] }

/**
 * Keeps the largest error of each group. MFCC: absolute over max(|b|, 1). Mel: relative to the band (or to 1e-10 of
 * the loudest, for empty bands). RMS: relative. ZCR: crossings of the recording that are counted otherwise (each
 * crossing lies in nFft / hopLength frames).
 */
export function keepLargest(largest: GroupErrors, { path, frames, ours, theirs }: Pair): GroupErrors {
  const loudest = Math.max(...theirs.slice(0, nMels))
  const kept = { ...largest }
  theirs.forEach((value, index) => {
    const group = groupOf(index)
    const scale = {
      mel: Math.max(value, 1e-10 * loudest, Number.MIN_VALUE),
      mfcc: Math.max(Math.abs(value), 1),
      zcr: 1 / (hopLength * frames),
      rms: Math.max(value, Number.MIN_VALUE),
    }[group]
    const error = Math.abs(ours[index] - value) / scale
    // What is not a number is an endless error.
    if (!(error <= kept[group].error)) kept[group] = { error: Number.isNaN(error) ? Infinity : error, path, index }
  })
  return kept
}

function groupOf(index: number): keyof GroupErrors {
  if (index < nMels) return 'mel'
  if (index < nMels + nMfcc) return 'mfcc'
  return index === nMels + nMfcc ? 'zcr' : 'rms'
}
