import { powerOfTwoAtLeast } from './fft.ts'
import type { SeededRandom } from './random.ts'
import { createRealFft } from './real-fft.ts'

/**
 * Gaussian noise with a given spectrum: normal real and imaginary parts in every bin, weighted, and transformed back.
 * @param magnitudeAt the amplitude spectrum's shape at a frequency in Hz; only its form counts.
 * @returns `length` values of no particular level.
 */
export function generateShapedNoise(
  length: number,
  sampleRate: number,
  magnitudeAt: (hz: number) => number,
  random: SeededRandom,
): Float64Array {
  const fft = createRealFft(powerOfTwoAtLeast(Math.max(length, 4)))
  const re = new Float64Array(fft.bins)
  const im = new Float64Array(fft.bins)
  for (let k = 0; k < fft.bins; k++) {
    const magnitude = magnitudeAt((k * sampleRate) / fft.size)
    re[k] = magnitude * random.normal()
    im[k] = magnitude * random.normal()
  }
  const noise = new Float64Array(fft.size)
  fft.inverse(re, im, noise)
  return noise.subarray(0, length)
}
