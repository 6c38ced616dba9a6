import { FeatureError } from '../errors.ts'

/** Statistics of a recording of a voice. The descriptors are tied to this rate and hop, so that there is one set. */
export type VoiceSpec = {
  readonly kind: 'voice'
  /** Rate of the samples in Hz. */
  readonly sampleRate: 16_000
  /** Samples from one frame to the next: 10 ms. */
  readonly hopLength: 160
  readonly pooling: 'mean'
}

export const defaultVoiceSpec: VoiceSpec = Object.freeze({
  kind: 'voice',
  sampleRate: 16_000,
  hopLength: 160,
  pooling: 'mean',
})

/** The version of the code that computes the values: see `EXTRACTOR_VERSION`. */
export const VOICE_EXTRACTOR_VERSION = 'voice-1'

/** Hz. */
export const VOICE_RATE = 16_000
/** Samples from one frame to the next. */
export const VOICE_HOP = 160

/**
 * The longest recording, in seconds. Its level is known at its end only, so all samples are kept, and the descriptors and
 * pitch candidates of all frames: 215 MB for so long a recording that comes in blocks.
 */
export const VOICE_MOST_SECONDS = 600

/** Throws `FeatureError` (`unsupported_spec`) unless this spec can be computed. */
export function checkVoiceSpec(spec: VoiceSpec): void {
  for (const [name, value] of Object.entries(defaultVoiceSpec)) {
    const given: unknown = Reflect.get(spec, name)
    if (given === value) continue
    throw new FeatureError('unsupported_spec', `${name} of voice features must be ${value}, not ${String(given)}`)
  }
}

/** The number of centred frames of so many samples. */
export function countVoiceFrames(samples: number): number {
  return 1 + Math.floor(samples / VOICE_HOP)
}
