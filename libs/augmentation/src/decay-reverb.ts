import { applyImpulseResponse } from './apply-impulse-response.ts'
import { requireRange, requireSampleRate } from './errors.ts'
import { amplitudeOfDb, rms } from './levels.ts'
import type { SeededRandom } from './random.ts'

export type DecayReverbParams = {
  /** The time in which the reverberation falls by 60 dB. */
  readonly rt60Seconds: number
  /** Energy of the direct sound over that of the reverberation; 0 dB is the critical distance. */
  readonly directToReverberantDb: number
  /** From the direct sound to the start of the reverberation (default 0.005). */
  readonly preDelaySeconds?: number | undefined
  readonly keepLength?: boolean | undefined
}

/**
 * A room's response after Polack's model: a unit impulse, then Gaussian noise whose amplitude falls as 10^(-3 t / RT60), down to -72 dB.
 * @returns the response; its first sample is the direct sound.
 */
export function generateDecayResponse(
  sampleRate: number,
  { rt60Seconds, directToReverberantDb, preDelaySeconds = 0.005 }: DecayReverbParams,
  random: SeededRandom,
): Float32Array {
  requireSampleRate(sampleRate)
  requireRange('rt60Seconds', rt60Seconds, 0.01, 20)
  requireRange('directToReverberantDb', directToReverberantDb, -60, 120)
  requireRange('preDelaySeconds', preDelaySeconds, 0, 1)
  const delay = Math.max(1, Math.round(preDelaySeconds * sampleRate))
  const tail = new Float64Array(Math.ceil(1.2 * rt60Seconds * sampleRate))
  const fall = 10 ** (-3 / (rt60Seconds * sampleRate))
  let envelope = 1
  for (let i = 0; i < tail.length; i++) {
    tail[i] = envelope * random.normal()
    envelope *= fall
  }
  const energy = rms(tail) * Math.sqrt(tail.length)
  const gain = 1 / (energy * amplitudeOfDb(directToReverberantDb))
  const response = new Float32Array(delay + tail.length)
  response[0] = 1
  for (let i = 0; i < tail.length; i++) response[delay + i] = gain * tail[i]
  return response
}

/**
 * Reverberation with a given RT60, by exponentially decaying noise: the cheapest room, without early reflections.
 * @returns as many samples at the input's RMS (with `keepLength: false` the tail on top); silence stays silence.
 */
export function decayReverb(
  samples: Float32Array,
  sampleRate: number,
  params: DecayReverbParams,
  random: SeededRandom,
): Float32Array {
  const response = generateDecayResponse(sampleRate, params, random)
  return applyImpulseResponse(samples, sampleRate, { response, keepLength: params.keepLength })
}
