import { convolve } from './convolve.ts'
import { AugmentationError, requireSampleRate } from './errors.ts'
import { findDirectPath } from './find-direct-path.ts'
import { atLevelOf, rms } from './levels.ts'

export type ApplyImpulseResponseParams = {
  /** The room's impulse response, at the sample rate of the speech. */
  readonly response: Float32Array
  /** Cut the reverberation that rings on after the recording's end (default true). */
  readonly keepLength?: boolean | undefined
}

/**
 * Puts a recording into a room by convolution with its impulse response (audiomentations' ApplyImpulseResponse). The direct sound stays
 * where it was in time, and the result has the RMS of the input.
 * @returns as many samples, or, without `keepLength`, the tail after the direct path on top. Throws `response-empty`.
 */
export function applyImpulseResponse(
  samples: Float32Array,
  sampleRate: number,
  { response, keepLength = true }: ApplyImpulseResponseParams,
): Float32Array {
  requireSampleRate(sampleRate)
  if (rms(response) === 0) throw new AugmentationError('response-empty', 'the impulse response has no sound')
  if (samples.length === 0) return new Float32Array(0)
  const direct = findDirectPath(response, sampleRate)
  const wet = convolve(samples, response)
  return atLevelOf(samples, wet.subarray(direct, keepLength ? direct + samples.length : wet.length))
}
