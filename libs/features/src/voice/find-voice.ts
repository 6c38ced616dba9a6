import type { DescriptorTracks } from './descriptors.ts'
import { findStretches, markStretches, type Stretch } from './find-stretches.ts'
import { percentiles } from './statistics.ts'

/** Shorter ones are chance. */
const LEAST_FRAMES = 3
/** With fewer there is nothing to take statistics of. */
const LEAST_VOICED_FRAMES = 5
/** log2 of 128 Hz. */
export const NO_PITCH = 7

export type Voice = {
  readonly stretches: readonly Stretch[]
  /** 1 where there is voice. */
  readonly voiced: Uint8Array
  /** log2 of the pitch in Hz in each voiced frame. */
  readonly f0: Float32Array
}

/**
 * The voiced stretches of three frames at least. A recording with fewer than five voiced frames (a whisper, noise,
 * silence) has statistics as well: its loudest two fifths count as voiced, at no less than 128 Hz.
 */
export function findVoice({ f0, level }: Pick<DescriptorTracks, 'f0' | 'level'>): Voice {
  const stretches = findStretches(f0).filter(({ start, end }) => end - start >= LEAST_FRAMES)
  const voiced = markStretches(stretches, f0.length)
  if (voiced.reduce((sum, mark) => sum + mark, 0) >= LEAST_VOICED_FRAMES) return { stretches, voiced, f0 }
  const [loud] = percentiles(level, [60])
  const loudest = Uint8Array.from(level, (value) => (value >= loud ? 1 : 0))
  return {
    stretches: findStretches(loudest),
    voiced: loudest,
    f0: f0.map((value, frame) => (loudest[frame] === 1 ? Math.max(value, NO_PITCH) : value)),
  }
}
