import { requireRange } from './errors.ts'
import { amplitudeOfDb, scaled } from './levels.ts'

export type GainParams = { readonly gainDb: number }

/** Multiplies by a gain in dB (audiomentations' Gain). @returns as many samples, which may pass 1; 0 dB gives the input. */
export function gain(samples: Float32Array, _sampleRate: number, { gainDb }: GainParams): Float32Array {
  requireRange('gainDb', gainDb, -120, 120)
  return scaled(samples, amplitudeOfDb(gainDb))
}
