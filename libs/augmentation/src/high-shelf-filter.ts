import { designHighShelf, HIGHEST_FRACTION, runBiquads } from './biquad.ts'
import { requireRange, requireSampleRate } from './errors.ts'
import type { ShelfFilterParams } from './low-shelf-filter.ts'

/**
 * Raises or lowers all above `centerHz` by `gainDb`; half of it, in dB, at the centre (audiomentations' HighShelfFilter).
 * @returns as many samples; a copy for 0 dB, or where the centre is at or above 0.49 of the sample rate.
 */
export function highShelfFilter(
  samples: Float32Array,
  sampleRate: number,
  { centerHz, gainDb, q = Math.SQRT1_2 }: ShelfFilterParams,
): Float32Array {
  requireSampleRate(sampleRate)
  requireRange('gainDb', gainDb, -60, 60)
  requireRange('q', q, 0.05, 1)
  if (gainDb === 0 || centerHz >= HIGHEST_FRACTION * sampleRate) return samples.slice()
  return runBiquads(samples, [designHighShelf(centerHz, gainDb, q, sampleRate)])
}
