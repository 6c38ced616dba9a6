import { requireInteger } from './errors.ts'

/** `bitDepth`: 1 to 24. */
export type BitCrushParams = { readonly bitDepth: number }

/**
 * Rounds to the steps of a lower bit depth, without dither (audiomentations' BitCrush): steps of 2^(1 - bitDepth) around zero.
 * @returns as many samples, each at most half a step off; silence stays silence.
 */
export function bitCrush(samples: Float32Array, _sampleRate: number, { bitDepth }: BitCrushParams): Float32Array {
  requireInteger('bitDepth', bitDepth, 1, 24)
  const steps = 2 ** (bitDepth - 1)
  return samples.map((value) => Math.round(value * steps) / steps)
}
