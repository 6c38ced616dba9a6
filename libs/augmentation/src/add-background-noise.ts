import { AugmentationError, requireSampleRate } from './errors.ts'
import { loopRecording } from './loop-recording.ts'
import { mixAtSnr, type SnrReference } from './mix-at-snr.ts'
import type { SeededRandom } from './random.ts'

export type AddBackgroundNoiseParams = {
  /** The recording of noise, at the sample rate of the speech. */
  readonly noise: Float32Array
  readonly snrDb: number
  readonly reference?: SnrReference | undefined
}

/**
 * Adds a recording of noise at a signal-to-noise ratio (audiomentations' AddBackgroundNoise): cropped at a random place, or looped where it
 * is too short. The noise's level is measured over the stretch that is used.
 * @returns as many samples; a copy of the input where either is silent. Throws `noise-empty`.
 */
export function addBackgroundNoise(
  samples: Float32Array,
  sampleRate: number,
  { noise, snrDb, reference }: AddBackgroundNoiseParams,
  random: SeededRandom,
): Float32Array {
  requireSampleRate(sampleRate)
  if (noise.length === 0) throw new AugmentationError('noise-empty', 'the noise recording has no samples')
  const stretch = loopRecording(noise, samples.length, sampleRate, random)
  return mixAtSnr(samples, stretch, { sampleRate, snrDb, reference })
}
