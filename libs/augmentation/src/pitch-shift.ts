import { requireRange, requireSampleRate } from './errors.ts'
import { resampleByRatio } from './resample-by-ratio.ts'
import { timeStretch } from './time-stretch.ts'

/** `semitones`: -24 to 24; 12 is an octave up. */
export type PitchShiftParams = { readonly semitones: number }

/**
 * Shifts pitch and formants together and keeps the duration (audiomentations' PitchShift): a time stretch, then a resampling that undoes it.
 * To move formants alone, see `perturbVocalTractLength`.
 * @returns as many samples; 0 semitones gives the input.
 */
export function pitchShift(samples: Float32Array, sampleRate: number, { semitones }: PitchShiftParams): Float32Array {
  requireSampleRate(sampleRate)
  requireRange('semitones', semitones, -24, 24)
  if (semitones === 0 || samples.length === 0) return samples.slice()
  const ratio = 2 ** (semitones / 12)
  const stretched = timeStretch(samples, sampleRate, { rate: 1 / ratio })
  return resampleByRatio(stretched, 1 / ratio, samples.length)
}
