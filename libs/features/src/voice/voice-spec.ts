import { FeatureError } from '../errors.ts'

/** What is made of a recording of a voice. The descriptors are tied to this rate and hop, so that there is one set of them. */
export type VoiceSpec = {
  readonly kind: 'voice'
  /** Rate of the samples in Hz. */
  readonly sampleRate: 16_000
  /** Samples from one frame to the next: 10 ms. */
  readonly hopLength: 160
  /** `mean`: statistics over the recording. `frames`: the descriptors over time, averaged over blocks. */
  readonly pooling: 'mean' | 'frames'
  /** The length of a block, with `frames`: whole hops. */
  readonly blockMs?: number
}

export const defaultVoiceSpec: VoiceSpec = Object.freeze({
  kind: 'voice',
  sampleRate: 16_000,
  hopLength: 160,
  pooling: 'mean',
})

/** The descriptors over time, in blocks of 60 ms. */
export const defaultVoiceBlocksSpec: VoiceSpec = Object.freeze({ ...defaultVoiceSpec, pooling: 'frames', blockMs: 60 })

/** The version of the code that computes the values: see `EXTRACTOR_VERSION`. */
export const VOICE_EXTRACTOR_VERSION = 'voice-1'

/** Hz. */
export const VOICE_RATE = 16_000
/** Samples from one frame to the next. */
export const VOICE_HOP = 160
const HOP_MS = (1000 * VOICE_HOP) / VOICE_RATE
const MOST_BLOCK_MS = 1000

/**
 * The longest recording, in seconds. Its level is known at its end only, so all samples are kept, and the descriptors and
 * pitch candidates of all frames: 215 MB for so long a recording that comes in blocks.
 */
export const VOICE_MOST_SECONDS = 600

/** Throws `FeatureError` (`unsupported_spec`) unless this spec can be computed. */
export function checkVoiceSpec(spec: VoiceSpec): void {
  const { kind, sampleRate, hopLength } = defaultVoiceSpec
  for (const [name, value] of Object.entries({ kind, sampleRate, hopLength })) {
    const given: unknown = Reflect.get(spec, name)
    if (given !== value) refuse(`${name} of voice features must be ${value}, not ${String(given)}`)
  }
  if (spec.pooling === 'mean' && spec.blockMs === undefined) return
  if (spec.pooling === 'frames' && isBlockLength(spec.blockMs)) return
  refuse(`voice features have pooling mean, or frames with blocks of whole ${HOP_MS} ms up to ${MOST_BLOCK_MS}`)
}

function isBlockLength(blockMs = 0): boolean {
  return blockMs % HOP_MS === 0 && blockMs >= HOP_MS && blockMs <= MOST_BLOCK_MS
}

function refuse(message: string): never {
  throw new FeatureError('unsupported_spec', message)
}

/** The frames of a block. */
export function framesPerBlock({ blockMs = 0 }: VoiceSpec): number {
  return blockMs / HOP_MS
}

/** The number of centred frames of so many samples. */
export function countVoiceFrames(samples: number): number {
  return 1 + Math.floor(samples / VOICE_HOP)
}
