import { FeatureError } from '../errors.ts'
import type { VectorExtractor } from '../extractor.ts'
import { loadKernels, type Kernels } from '../kernels.ts'
import { createFastFrameCorrelator } from './correlate-frame-fast.ts'
import { createFrameCorrelator } from './correlate-frame.ts'
import { createTracks, type DescriptorTracks } from './descriptors.ts'
import { createSpectrumDescriber } from './describe-spectrum.ts'
import { levelSpeech } from './find-speech.ts'
import { findVoice } from './find-voice.ts'
import { poolBlocks } from './pool-blocks.ts'
import { poolDescriptors } from './pool-descriptors.ts'
import { poolPitch } from './pool-pitch.ts'
import { poolRhythm } from './pool-rhythm.ts'
import { createPitchTracker } from './track-pitch.ts'
import { createFastFrameTransform, createFrameTransform } from './transform-frames.ts'
import {
  checkVoiceSpec,
  countVoiceFrames,
  framesPerBlock,
  VOICE_MOST_SECONDS,
  VOICE_RATE,
  type VoiceSpec,
} from './voice-spec.ts'
import { voiceNames } from './voice-values.ts'

/**
 * Makes an extractor of what a spec asks of a voice: the recording is brought to a level, cut to its speech, described every 10 ms,
 * and pooled: to statistics, or to blocks. Tables are computed once. All in float64 and by the same operations everywhere;
 * descriptors and values are float32.
 *
 * @throws FeatureError `unsupported_spec`; `extract` throws `empty`, `not_finite`, and `too_long` beyond ten minutes
 */
export function createVoiceExtractor(spec: VoiceSpec): VectorExtractor {
  const pool = createVoicePool(spec)
  const describe = createFrameDescriber()
  return { spec, extract: (samples) => pool(describe(samples)) }
}

/**
 * What a spec makes of a voice's descriptors: its statistics, [240], or its blocks, [blocks][42].
 *
 * @throws FeatureError `unsupported_spec`
 */
export function createVoicePool(spec: VoiceSpec): (tracks: DescriptorTracks) => Float32Array {
  checkVoiceSpec(spec)
  if (spec.pooling === 'frames') return (tracks) => poolBlocks(tracks, framesPerBlock(spec))
  const names = voiceNames()
  return (tracks) => {
    const voice = findVoice(tracks)
    const values = {
      ...poolDescriptors(tracks, voice),
      ...poolPitch(voice),
      ...poolRhythm(tracks.level, voice),
    }
    return Float32Array.from(names, (name) => values[name])
  }
}

/**
 * The descriptors of every frame of a recording's speech. Throws `empty`, `not_finite`, `too_long` (beyond ten minutes).
 *
 * @param load Loads kernels; without them, the same values come from plain TypeScript
 */
export function createFrameDescriber(
  load: () => Kernels | undefined = loadKernels,
): (samples: Float32Array) => DescriptorTracks {
  const kernels = load()
  const describeSpectrum = createSpectrumDescriber(kernels ? createFastFrameTransform(kernels) : createFrameTransform())
  const trackPitch = createPitchTracker(kernels ? createFastFrameCorrelator(kernels) : createFrameCorrelator())
  return (samples) => {
    checkSamples(samples)
    const speech = levelSpeech(samples)
    const tracks = createTracks(countVoiceFrames(speech.length))
    describeSpectrum(speech, tracks)
    trackPitch(speech, tracks)
    return tracks
  }
}

function checkSamples(samples: Float32Array): void {
  if (samples.length === 0) throw new FeatureError('empty', 'the recording has no samples')
  if (samples.length > VOICE_MOST_SECONDS * VOICE_RATE) {
    throw new FeatureError('too_long', `voice features are of ${VOICE_MOST_SECONDS} s at most: cut the recording`)
  }
  // A sum over all is finite only if each of them is: float32 do not overflow float64.
  let sum = 0
  for (let i = 0; i < samples.length; i++) sum += samples[i]
  if (Number.isFinite(sum)) return
  throw new FeatureError('not_finite', 'the recording has samples that are infinite or not a number')
}
