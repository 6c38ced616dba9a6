import { addGaussianNoise } from './add-gaussian-noise.ts'
import { requireRange } from './errors.ts'
import { peak } from './levels.ts'
import type { SeededRandom } from './random.ts'

/** `peakFraction`: standard deviation of the noise as a fraction of the recording's largest magnitude. */
export type AddPeakNoiseParams = { readonly peakFraction: number }

/**
 * Adds white Gaussian noise in proportion to the recording's peak: y + peakFraction * max|y| * N(0, 1).
 * With peakFraction drawn uniformly from 0 to 0.035 it is the noise injection of the widely copied speech emotion notebooks
 * (`noise_amp = 0.035 * np.random.uniform() * np.amax(data)`); they take the largest positive sample, this takes the largest magnitude.
 * @returns as many samples; silence stays silence.
 */
export function addPeakNoise(
  samples: Float32Array,
  sampleRate: number,
  { peakFraction }: AddPeakNoiseParams,
  random: SeededRandom,
): Float32Array {
  requireRange('peakFraction', peakFraction, 0, 10)
  const largest = peak(samples)
  if (largest === 0) return samples.slice()
  return addGaussianNoise(samples, sampleRate, { amplitude: peakFraction * largest }, random)
}
