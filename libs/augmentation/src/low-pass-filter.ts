import { HIGHEST_FRACTION, runBiquads } from './biquad.ts'
import { designButterworthLowPass } from './butterworth.ts'
import { requireRange, requireSampleRate } from './errors.ts'

/** `order` 1 is 6 dB per octave, audiomentations' `rolloff` divided by 6 (default 2). */
export type LowPassFilterParams = { readonly cutoffHz: number; readonly order?: number | undefined }

/**
 * Butterworth low pass, -3 dB at `cutoffHz` (audiomentations' LowPassFilter).
 * @returns as many samples; a copy where the cut-off is at or above 0.49 of the sample rate, for nothing is there to remove.
 */
export function lowPassFilter(
  samples: Float32Array,
  sampleRate: number,
  { cutoffHz, order = 2 }: LowPassFilterParams,
): Float32Array {
  requireSampleRate(sampleRate)
  requireRange('cutoffHz', cutoffHz, 1, 1_000_000)
  if (cutoffHz >= HIGHEST_FRACTION * sampleRate) return samples.slice()
  return runBiquads(samples, designButterworthLowPass(cutoffHz, order, sampleRate))
}
