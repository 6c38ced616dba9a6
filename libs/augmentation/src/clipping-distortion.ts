import { requireRange } from './errors.ts'
import { percentileOfSorted } from './levels.ts'

/** `percentileThreshold`: how many percent of the samples are clipped, half of them at either end; 0 to 99. */
export type ClippingDistortionParams = { readonly percentileThreshold: number }

/**
 * Hard clipping of a share of the samples (audiomentations' ClippingDistortion): values beyond the two percentiles are held there.
 * @returns as many samples, never louder; a threshold of 0 gives the input.
 */
export function clippingDistortion(
  samples: Float32Array,
  _sampleRate: number,
  { percentileThreshold }: ClippingDistortionParams,
): Float32Array {
  requireRange('percentileThreshold', percentileThreshold, 0, 99)
  if (samples.length === 0 || percentileThreshold === 0) return samples.slice()
  const sorted = samples.toSorted()
  const lowest = percentileOfSorted(sorted, percentileThreshold / 2)
  const highest = percentileOfSorted(sorted, 100 - percentileThreshold / 2)
  return samples.map((value) => Math.min(Math.max(value, lowest), highest))
}
