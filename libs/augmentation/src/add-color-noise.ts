import { requireRange, requireSampleRate } from './errors.ts'
import { generateShapedNoise } from './generate-shaped-noise.ts'
import { mixAtSnr, type SnrReference } from './mix-at-snr.ts'
import type { SeededRandom } from './random.ts'

export const NOISE_COLORS = ['white', 'pink', 'brown', 'blue', 'violet'] as const
export type NoiseColor = (typeof NOISE_COLORS)[number]

const DB_PER_OCTAVE = 10 * Math.log10(2)

/** The slope of each colour's power spectral density in dB per octave: pink falls as 1/f, brown as 1/f^2. */
export const NOISE_COLOR_DECAYS: Readonly<Record<NoiseColor, number>> = {
  white: 0,
  pink: -DB_PER_OCTAVE,
  brown: -2 * DB_PER_OCTAVE,
  blue: DB_PER_OCTAVE,
  violet: 2 * DB_PER_OCTAVE,
}

/** Below this the spectrum is flat: else the energy of brown noise, and with it the SNR, would lie in what nobody hears. */
const LOWEST_HZ = 20

export type AddColorNoiseParams = {
  readonly snrDb: number
  /** A named colour, or the slope of the power spectral density in dB per octave. */
  readonly color: NoiseColor | number
  readonly reference?: SnrReference | undefined
}

/** Gaussian noise of a colour, `length` values of no particular level; the slope holds from 20 Hz to half the sample rate. */
export function generateColorNoise(
  length: number,
  sampleRate: number,
  color: NoiseColor | number,
  random: SeededRandom,
): Float64Array {
  requireSampleRate(sampleRate)
  const decay = typeof color === 'number' ? color : NOISE_COLOR_DECAYS[color]
  requireRange('color (dB per octave)', decay, -24, 24)
  const exponent = decay / (2 * DB_PER_OCTAVE)
  const magnitudeAt = (hz: number) => (hz === 0 ? 0 : (Math.max(hz, LOWEST_HZ) / LOWEST_HZ) ** exponent)
  return generateShapedNoise(length, sampleRate, magnitudeAt, random)
}

/**
 * Adds coloured Gaussian noise at a signal-to-noise ratio (audiomentations' AddColorNoise, and AddGaussianSNR for white).
 * @returns as many samples; silence stays silence. May pass 1.
 */
export function addColorNoise(
  samples: Float32Array,
  sampleRate: number,
  { snrDb, color, reference }: AddColorNoiseParams,
  random: SeededRandom,
): Float32Array {
  const noise = generateColorNoise(samples.length, sampleRate, color, random)
  return mixAtSnr(samples, noise, { sampleRate, snrDb, reference })
}
