import { AugmentationError, requireSampleRate } from './errors.ts'
import { rms } from './levels.ts'
import { loopRecording } from './loop-recording.ts'
import { mixAtSnr, type SnrReference } from './mix-at-snr.ts'
import type { SeededRandom } from './random.ts'

export type AddBabbleNoiseParams = {
  /** One recording for each speaker, at the sample rate of the speech; never the recording itself. */
  readonly voices: readonly Float32Array[]
  readonly snrDb: number
  readonly reference?: SnrReference | undefined
}

/** The sum of several speakers at equal RMS, each from a random place on and looped. Throws `voices-empty`. */
export function generateBabble(
  length: number,
  sampleRate: number,
  voices: readonly Float32Array[],
  random: SeededRandom,
): Float64Array {
  requireSampleRate(sampleRate)
  const levels = voices.map(rms)
  if (!levels.some((level) => level > 0)) {
    throw new AugmentationError('voices-empty', 'babble needs at least one voice with sound')
  }
  const babble = new Float64Array(length)
  for (const [index, voice] of voices.entries()) {
    if (levels[index] === 0) continue
    const stretch = loopRecording(voice, length, sampleRate, random)
    for (let i = 0; i < length; i++) babble[i] += stretch[i] / levels[index]
  }
  return babble
}

/**
 * Adds babble, the sum of the given voices, at a signal-to-noise ratio. Three to eight voices leave words audible; some dozens blur into
 * speech-shaped noise.
 * @returns as many samples; silence stays silence.
 */
export function addBabbleNoise(
  samples: Float32Array,
  sampleRate: number,
  { voices, snrDb, reference }: AddBabbleNoiseParams,
  random: SeededRandom,
): Float32Array {
  const babble = generateBabble(samples.length, sampleRate, voices, random)
  return mixAtSnr(samples, babble, { sampleRate, snrDb, reference })
}
