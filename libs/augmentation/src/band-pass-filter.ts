import { HIGHEST_FRACTION, runBiquads } from './biquad.ts'
import { designButterworthBandPass } from './butterworth-band-pass.ts'
import { requireRange, requireSampleRate } from './errors.ts'

export type BandPassFilterParams = {
  readonly centerHz: number
  /** The width of the band (to its -3 dB edges) over its centre, between 0 and 2. */
  readonly bandwidthFraction: number
  /** Order of the low-pass prototype: each edge falls by 6 dB per octave and order (default 2). */
  readonly order?: number | undefined
}

/**
 * Butterworth band pass from centre - width/2 to centre + width/2 (audiomentations' BandPassFilter).
 * @returns as many samples. An upper edge above 0.49 of the sample rate is taken down to it; a lower one there throws.
 */
export function bandPassFilter(
  samples: Float32Array,
  sampleRate: number,
  { centerHz, bandwidthFraction, order = 2 }: BandPassFilterParams,
): Float32Array {
  requireSampleRate(sampleRate)
  requireRange('bandwidthFraction', bandwidthFraction, 0.01, 1.99)
  const highest = HIGHEST_FRACTION * sampleRate
  const lowHz = centerHz * (1 - bandwidthFraction / 2)
  requireRange('lower edge in Hz', lowHz, Number.MIN_VALUE, 0.99 * highest)
  const highHz = Math.min(centerHz * (1 + bandwidthFraction / 2), highest)
  return runBiquads(samples, designButterworthBandPass({ lowHz, highHz }, order, sampleRate))
}
