import { requireRange } from './errors.ts'
import type { SeededRandom } from './random.ts'

/** `amplitude`: standard deviation of the noise, in full scale. */
export type AddGaussianNoiseParams = { readonly amplitude: number }

/**
 * Adds white Gaussian noise of a fixed amplitude, whatever the level of the speech (audiomentations' AddGaussianNoise).
 * @returns as many samples. Silence gets noise too; amplitude 0 gives the input.
 */
export function addGaussianNoise(
  samples: Float32Array,
  _sampleRate: number,
  { amplitude }: AddGaussianNoiseParams,
  random: SeededRandom,
): Float32Array {
  requireRange('amplitude', amplitude, 0, Number.MAX_VALUE)
  const output = samples.slice()
  if (amplitude === 0) return output
  for (let i = 0; i < output.length; i++) output[i] = samples[i] + amplitude * random.normal()
  return output
}
