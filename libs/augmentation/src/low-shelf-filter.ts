import { designLowShelf, runBiquads } from './biquad.ts'
import { requireRange, requireSampleRate } from './errors.ts'

export type ShelfFilterParams = {
  readonly centerHz: number
  readonly gainDb: number
  /** Steepness (default 0.707, the steepest without a bump). */
  readonly q?: number | undefined
}

/**
 * Raises or lowers all below `centerHz` by `gainDb`; half of it, in dB, at the centre (audiomentations' LowShelfFilter).
 * @returns as many samples; a copy for 0 dB. Throws `parameter-out-of-range` for a centre above 0.49 of the sample rate.
 */
export function lowShelfFilter(
  samples: Float32Array,
  sampleRate: number,
  { centerHz, gainDb, q = Math.SQRT1_2 }: ShelfFilterParams,
): Float32Array {
  requireSampleRate(sampleRate)
  requireRange('gainDb', gainDb, -60, 60)
  requireRange('q', q, 0.05, 1)
  if (gainDb === 0) return samples.slice()
  return runBiquads(samples, [designLowShelf(centerHz, gainDb, q, sampleRate)])
}
