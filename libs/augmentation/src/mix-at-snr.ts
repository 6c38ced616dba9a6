import { requireRange } from './errors.ts'
import { amplitudeOfDb, rms } from './levels.ts'
import { measureActiveLevel } from './measure-active-level.ts'

/** What the level of the speech is measured over: the whole recording (RMS) or its active parts (ITU-T P.56). */
export type SnrReference = 'whole' | 'active'

export type MixOptions = {
  readonly sampleRate: number
  /** 20 log10(level of the speech / RMS of the noise over the whole recording). */
  readonly snrDb: number
  readonly reference?: SnrReference | undefined
}

/**
 * Adds noise, scaled so that the signal-to-noise ratio is `snrDb`. The speech is not scaled, so the sum may pass 1.
 * @param noise as long as the samples.
 * @returns as many samples; a copy of the input where speech or noise is silent (no level would make that ratio).
 */
export function mixAtSnr(samples: Float32Array, noise: ArrayLike<number>, options: MixOptions): Float32Array {
  const { sampleRate, snrDb, reference = 'whole' } = options
  requireRange('snrDb', snrDb, -200, 200)
  const speechLevel = reference === 'active' ? measureActiveLevel(samples, sampleRate) : rms(samples)
  const noiseLevel = rms(noise)
  const output = samples.slice()
  if (speechLevel === 0 || noiseLevel === 0) return output
  const factor = speechLevel / noiseLevel / amplitudeOfDb(snrDb)
  for (let i = 0; i < output.length; i++) output[i] = samples[i] + factor * noise[i]
  return output
}
