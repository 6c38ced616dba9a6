import { AugmentationError, requireSampleRate } from './errors.ts'
import { generateShapedNoise } from './generate-shaped-noise.ts'
import { measureAverageSpectrum, type AverageSpectrum } from './measure-average-spectrum.ts'
import { mixAtSnr, type SnrReference } from './mix-at-snr.ts'
import type { SeededRandom } from './random.ts'

export type AddSpeechShapedNoiseParams = {
  /** Recordings of speech, at the sample rate of the speech: the noise gets their long-term average spectrum. */
  readonly voices: readonly Float32Array[]
  readonly snrDb: number
  readonly reference?: SnrReference | undefined
}

function amplitudeAt({ power, hzPerBin }: AverageSpectrum): (hz: number) => number {
  return (hz) => {
    const position = hz / hzPerBin
    const below = Math.min(Math.floor(position), power.length - 1)
    const above = Math.min(below + 1, power.length - 1)
    return Math.sqrt(power[below] + (power[above] - power[below]) * (position - below))
  }
}

/** Stationary Gaussian noise with the long-term average spectrum of the voices. Throws `voices-empty`. */
export function generateSpeechShapedNoise(
  length: number,
  sampleRate: number,
  voices: readonly Float32Array[],
  random: SeededRandom,
): Float64Array {
  requireSampleRate(sampleRate)
  const spectrum = measureAverageSpectrum(voices, sampleRate)
  if (spectrum.power.every((value) => value === 0)) {
    throw new AugmentationError('voices-empty', 'speech-shaped noise needs at least one voice with sound')
  }
  return generateShapedNoise(length, sampleRate, amplitudeAt(spectrum), random)
}

/**
 * Adds stationary noise with the spectrum of speech at a signal-to-noise ratio: it masks as babble does, without its words and pauses.
 * @returns as many samples; silence stays silence.
 */
export function addSpeechShapedNoise(
  samples: Float32Array,
  sampleRate: number,
  { voices, snrDb, reference }: AddSpeechShapedNoiseParams,
  random: SeededRandom,
): Float32Array {
  const noise = generateSpeechShapedNoise(samples.length, sampleRate, voices, random)
  return mixAtSnr(samples, noise, { sampleRate, snrDb, reference })
}
