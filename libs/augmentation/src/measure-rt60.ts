import { AugmentationError, requireSampleRate } from './errors.ts'
import { findDirectPath } from './find-direct-path.ts'

/** Which part of the decay is fitted and extrapolated to 60 dB: -5 to -25 dB (T20) or -5 to -35 dB (T30). */
export type DecayRange = 't20' | 't30'

/** Schroeder's backward integration (1965): the energy that is still to come, in dB relative to all from `start` on. */
function decayCurve(response: ArrayLike<number>, start: number): Float64Array {
  const curve = new Float64Array(response.length - start)
  let energy = 0
  for (let i = curve.length - 1; i >= 0; i--) {
    energy += response[start + i] ** 2
    curve[i] = energy
  }
  return curve.map((left) => 10 * Math.log10(left / energy))
}

/**
 * The reverberation time of a room's impulse response, after ISO 3382-1: a line through Schroeder's decay curve from -5 dB down to -25 or
 * -35 dB, as the time for 60 dB. The response should fall that far above its noise floor, which is not corrected for.
 * @returns seconds. Throws `decay-too-short` where the response does not fall that far.
 */
export function measureRt60(response: Float32Array, sampleRate: number, range: DecayRange = 't30'): number {
  requireSampleRate(sampleRate)
  const curve = decayCurve(response, findDirectPath(response, sampleRate))
  const lowest = range === 't20' ? -25 : -35
  const first = curve.findIndex((db) => db <= -5)
  const last = curve.findIndex((db) => db <= lowest)
  if (first < 0 || last - first < 2) {
    throw new AugmentationError('decay-too-short', `the response does not fall from -5 to ${lowest} dB`)
  }
  return -60 / (slopeOf(curve, first, last) * sampleRate)
}

/** Least squares: dB per sample of the curve from `first` to `last`. */
function slopeOf(curve: Float64Array, first: number, last: number): number {
  const middle = (first + last) / 2
  let covariance = 0
  let variance = 0
  for (let i = first; i <= last; i++) {
    covariance += (i - middle) * curve[i]
    variance += (i - middle) ** 2
  }
  return covariance / variance
}
