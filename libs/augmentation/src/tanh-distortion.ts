import { requireRange } from './errors.ts'
import { atLevelOf, percentileOfSorted } from './levels.ts'

/** `distortionAmount`: 0 is almost linear, 1 almost a square wave. */
export type TanhDistortionParams = { readonly distortionAmount: number }

/**
 * Soft clipping by tanh (audiomentations' TanhDistortion): the gain before it puts the (100 - 99 * amount)th percentile of the magnitudes
 * at 0.5, and the result has the RMS of the input.
 * @returns as many samples; silence stays silence.
 */
export function tanhDistortion(
  samples: Float32Array,
  _sampleRate: number,
  { distortionAmount }: TanhDistortionParams,
): Float32Array {
  requireRange('distortionAmount', distortionAmount, 0, 1)
  if (samples.length === 0) return new Float32Array(0)
  const magnitudes = samples.map(Math.abs).sort()
  const threshold = percentileOfSorted(magnitudes, 100 - 99 * distortionAmount)
  const drive = 0.5 / (threshold + 1e-6)
  const distorted = new Float64Array(samples.length)
  for (let i = 0; i < distorted.length; i++) distorted[i] = Math.tanh(drive * samples[i])
  return atLevelOf(samples, distorted)
}
