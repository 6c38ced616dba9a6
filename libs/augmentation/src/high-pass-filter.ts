import { runBiquads } from './biquad.ts'
import { designButterworthHighPass } from './butterworth.ts'
import { requireSampleRate } from './errors.ts'

/** `order` 1 is 6 dB per octave, audiomentations' `rolloff` divided by 6 (default 2). */
export type HighPassFilterParams = { readonly cutoffHz: number; readonly order?: number | undefined }

/**
 * Butterworth high pass, -3 dB at `cutoffHz` (audiomentations' HighPassFilter).
 * @returns as many samples. Throws `parameter-out-of-range` for a cut-off above 0.49 of the sample rate: nothing would be left.
 */
export function highPassFilter(
  samples: Float32Array,
  sampleRate: number,
  { cutoffHz, order = 2 }: HighPassFilterParams,
): Float32Array {
  requireSampleRate(sampleRate)
  return runBiquads(samples, designButterworthHighPass(cutoffHz, order, sampleRate))
}
