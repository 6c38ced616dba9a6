import { designPeaking, HIGHEST_FRACTION, runBiquads } from './biquad.ts'
import { requireRange, requireSampleRate } from './errors.ts'

export type PeakingFilterParams = {
  readonly centerHz: number
  readonly gainDb: number
  /** Centre over width: the higher, the narrower (default 1). */
  readonly q?: number | undefined
}

/**
 * Raises or lowers a band by `gainDb` at its centre (audiomentations' PeakingFilter).
 * @returns as many samples; a copy for 0 dB, or where the centre is at or above 0.49 of the sample rate.
 */
export function peakingFilter(
  samples: Float32Array,
  sampleRate: number,
  { centerHz, gainDb, q = 1 }: PeakingFilterParams,
): Float32Array {
  requireSampleRate(sampleRate)
  requireRange('gainDb', gainDb, -60, 60)
  requireRange('q', q, 0.05, 100)
  if (gainDb === 0 || centerHz >= HIGHEST_FRACTION * sampleRate) return samples.slice()
  return runBiquads(samples, [designPeaking(centerHz, gainDb, q, sampleRate)])
}
