import { countVoiceFrames, VOICE_HOP } from './voice-spec.ts'
import { percentiles } from './statistics.ts'

export const FRAME_SAMPLES = 400
/** Frames kept before the first and after the last frame of speech. */
const MARGIN_FRAMES = 5

/** The stretch of a recording that holds speech, and how loud it is. */
export type Speech = {
  /** In samples. */
  readonly start: number
  readonly end: number
  /** The 95th percentile of the frames' energy, in dB of full scale. */
  readonly levelDb: number
}

/**
 * Finds speech by energy alone: from the first to the last frame (25 ms every 10 ms) that lies above both 32 dB below the
 * recording's level and 6 dB above its background (the 10th percentile), but 10 dB below the level are always enough.
 * Everything is taken as speech where nothing stands out.
 *
 * @param samples mono, 16 kHz, at least one
 */
export function findSpeech(samples: Float32Array): Speech {
  const frames = countVoiceFrames(samples.length)
  const energies = Float64Array.from(
    { length: frames },
    (_, frame) => 10 * Math.log10(frameEnergy(samples, frame) + 1e-12),
  )
  const [background, levelDb] = percentiles(energies, [10, 95])
  const threshold = Math.min(Math.max(levelDb - 32, background + 6), levelDb - 10)
  const isSpeech = (energy: number): boolean => energy > threshold
  const first = energies.findIndex(isSpeech)
  const last = energies.findLastIndex(isSpeech)
  return {
    start: Math.max(0, (first - MARGIN_FRAMES) * VOICE_HOP),
    end: Math.min(samples.length, (last + 1 + MARGIN_FRAMES) * VOICE_HOP),
    levelDb,
  }
}

/** The speech of a recording at a level of 0 dB. */
export function levelSpeech(samples: Float32Array): Float32Array {
  const { start, end, levelDb } = findSpeech(samples)
  const gain = 10 ** (-levelDb / 20)
  const speech = samples.slice(start, end)
  for (let i = 0; i < speech.length; i++) speech[i] *= gain
  return speech
}

/** The mean square of the samples around a frame's centre; there are zeros before and after the recording. */
export function frameEnergy(samples: Float32Array, frame: number): number {
  const start = frame * VOICE_HOP - FRAME_SAMPLES / 2
  const end = Math.min(samples.length, start + FRAME_SAMPLES)
  let sum = 0
  for (let i = Math.max(0, start); i < end; i++) sum += samples[i] * samples[i]
  return sum / FRAME_SAMPLES
}
