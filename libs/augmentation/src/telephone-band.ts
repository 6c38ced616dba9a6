import { HIGHEST_FRACTION, runBiquads } from './biquad.ts'
import { designButterworthHighPass, designButterworthLowPass } from './butterworth.ts'
import { requireSampleRate } from './errors.ts'

export type TelephoneBandParams = {
  /** Default 300. */
  readonly lowHz?: number | undefined
  /** Default 3400. */
  readonly highHz?: number | undefined
}

/**
 * The band of a classic telephone line, 300 to 3400 Hz at -3 dB: Butterworth, 24 dB per octave below and 48 above.
 * @returns as many samples at the same sample rate; the upper edge is left out where the recording has nothing there.
 */
export function telephoneBand(
  samples: Float32Array,
  sampleRate: number,
  { lowHz = 300, highHz = 3400 }: TelephoneBandParams,
): Float32Array {
  requireSampleRate(sampleRate)
  const lower = designButterworthHighPass(lowHz, 4, sampleRate)
  const upper = highHz < HIGHEST_FRACTION * sampleRate ? designButterworthLowPass(highHz, 8, sampleRate) : []
  return runBiquads(samples, [...lower, ...upper])
}
