import { generateBabble } from './add-babble-noise.ts'
import { generateColorNoise } from './add-color-noise.ts'
import { clippingDistortion } from './clipping-distortion.ts'
import { decayReverb } from './decay-reverb.ts'
import { AugmentationError, requireSampleRate } from './errors.ts'
import { peak, scaled } from './levels.ts'
import { loopRecording } from './loop-recording.ts'
import { mixAtSnr } from './mix-at-snr.ts'
import type { StressCondition, StressNoise } from './plan-stress.ts'
import { createRandom, type Seed, type SeededRandom } from './random.ts'
import { drawRecordings, samplesAt, type Resources } from './resources.ts'
import { telephoneBand } from './telephone-band.ts'

export type StressOptions = {
  readonly sampleRate: number
  readonly conditions: readonly StressCondition[]
  /** Of this recording: another recording has another. */
  readonly seed: Seed
  /** `voices` for babble, `noise` for recordings; never the recording itself. */
  readonly resources?: Resources | undefined
}

/** Of babble: enough that no single voice stands out, few enough that it is speech and not its long-term spectrum. */
const BABBLE_VOICES = 6
/** Direct sound and reverberation of equal energy, the critical distance, in every room: only the RT60 differs. */
const DIRECT_TO_REVERBERANT_DB = 0

/** Streams of chance, which must not change: they decide the figures of stored evaluations. */
const STREAMS: Readonly<Record<StressNoise | 'room', number>> = {
  white: 0,
  pink: 1,
  brown: 2,
  babble: 3,
  recordings: 4,
  room: 5,
}

/**
 * A recording under each condition, in their order, one at a time so that not all are in memory at once. The same noise is added at every
 * SNR, and every room is drawn from the same stream, so that a curve over them shows the level and not the luck of the draw. What passes
 * full scale is turned down to it, as `applyRecipe` does. The same samples, conditions, seed and resources give the same samples.
 *
 * @param samples mono; not changed.
 * @throws AugmentationError `resource-missing` where babble has no voices, or recordings are asked for and there are none
 */
export function* stressVariants(
  samples: Float32Array,
  { sampleRate, conditions, seed, resources = {} }: StressOptions,
): Generator<Float32Array, void, undefined> {
  requireSampleRate(sampleRate)
  const random = createRandom(seed)
  const noises = new Map<StressNoise, ArrayLike<number>>()
  const noiseOf = (noise: StressNoise) => {
    const known = noises.get(noise)
    if (known !== undefined) return known
    const drawn = drawNoise(noise, {
      length: samples.length,
      sampleRate,
      random: random.fork(STREAMS[noise]),
      resources,
    })
    noises.set(noise, drawn)
    return drawn
  }
  for (const condition of conditions) {
    yield withinFullScale(applyCondition(samples, condition, { sampleRate, noiseOf, random }))
  }
}

type Applying = {
  readonly sampleRate: number
  readonly noiseOf: (noise: StressNoise) => ArrayLike<number>
  readonly random: SeededRandom
}

function applyCondition(samples: Float32Array, condition: StressCondition, applying: Applying): Float32Array {
  const { sampleRate, noiseOf, random } = applying
  if (condition.kind === 'clean') return samples.slice()
  if (condition.kind === 'noise') {
    return mixAtSnr(samples, noiseOf(condition.noise), { sampleRate, snrDb: condition.snrDb })
  }
  if (condition.kind === 'telephone') return telephoneBand(samples, sampleRate, {})
  if (condition.kind === 'clipping') {
    return clippingDistortion(samples, sampleRate, { percentileThreshold: condition.percent })
  }
  const room = { rt60Seconds: condition.rt60Seconds, directToReverberantDb: DIRECT_TO_REVERBERANT_DB }
  return decayReverb(samples, sampleRate, room, random.fork(STREAMS.room))
}

type Drawing = {
  readonly length: number
  readonly sampleRate: number
  readonly random: SeededRandom
  readonly resources: Resources
}

function drawNoise(noise: StressNoise, { length, sampleRate, random, resources }: Drawing): ArrayLike<number> {
  if (noise === 'recordings') {
    const [recording] = drawRecordings(resources, { group: 'noise', count: 1 }, random)
    const stretch = samplesAt(recording, sampleRate)
    if (stretch.length === 0) {
      throw new AugmentationError('noise-empty', `the noise recording ${recording.name} has no samples`)
    }
    return loopRecording(stretch, length, sampleRate, random)
  }
  if (noise !== 'babble') return generateColorNoise(length, sampleRate, noise, random)
  const voices = drawRecordings(resources, { group: 'voices', count: BABBLE_VOICES }, random)
  return generateBabble(
    length,
    sampleRate,
    voices.map((voice) => samplesAt(voice, sampleRate)),
    random,
  )
}

function withinFullScale(samples: Float32Array): Float32Array {
  const largest = peak(samples)
  return largest <= 1 ? samples : scaled(samples, 1 / largest)
}
