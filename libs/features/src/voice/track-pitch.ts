import type { CorrelateFrames } from './correlate-frame.ts'
import type { DescriptorTracks } from './descriptors.ts'
import { findPitchCandidates, type PitchCandidate } from './find-pitch-candidates.ts'

const VOICING_THRESHOLD = 0.45
/** Of the recording's highest peak: below it a frame is silent. */
const SILENCE_THRESHOLD = 0.03
/** What an octave's leap from frame to frame costs. */
const OCTAVE_JUMP_COST = 0.35
/** What it costs when voice begins or ends. */
const VOICING_COST = 0.14

type PitchTracks = Pick<DescriptorTracks, 'f0' | 'periodicity' | 'hnr' | 'h1_h2' | 'h1_a3'>

/**
 * Makes a function that finds the pitch of every frame of speech at 0 dB, from 70 to 600 Hz, and writes it and what depends
 * on it into the tracks: the highest sum of scores over a path through each frame's candidates (Boersma 1993, as Praat's
 * "To Pitch (ac)" does it), the autocorrelation at the period, the harmonics-to-noise ratio 10 log10(r / (1 - r)) of the
 * whole band in dB (-30 to 40), and the first harmonic over the second and over the third formant in dB.
 */
export function createPitchTracker(
  correlateFrames: CorrelateFrames,
): (speech: Float32Array, tracks: PitchTracks) => void {
  return (speech, tracks) => {
    const frames: { readonly peak: number; readonly candidates: PitchCandidate[] }[] = []
    correlateFrames(speech, tracks.f0.length, (frame) =>
      frames.push({ peak: frame.peak, candidates: findPitchCandidates(frame) }),
    )
    const loudest = frames.reduce((most, { peak }) => Math.max(most, peak), 0) + 1e-9
    const path = choosePath(
      frames.map(({ candidates }) => candidates),
      frames.map(({ peak }) => unvoicedScore(peak / loudest)),
    )
    for (const [frame, { hz, periodicity, fullPeriodicity, h1h2, h1a3 }] of path.entries()) {
      const full = within(fullPeriodicity)
      tracks.f0[frame] = hz > 0 ? Math.log2(hz) : 0
      tracks.periodicity[frame] = within(periodicity)
      tracks.hnr[frame] = 10 * Math.log10(Math.max(full, 1e-3) / (1 - full))
      tracks.h1_h2[frame] = h1h2
      tracks.h1_a3[frame] = h1a3
    }
  }
}

function within(correlation: number): number {
  return Math.min(Math.max(correlation, 0), 0.9999)
}

function unvoicedScore(peak: number): number {
  return VOICING_THRESHOLD + Math.max(0, 2 - peak / (SILENCE_THRESHOLD / (1 + VOICING_THRESHOLD)))
}

/** One candidate of each frame: the path with the highest sum (Viterbi). The last candidate of a frame is the one without voice. */
function choosePath(frames: readonly (readonly PitchCandidate[])[], unvoiced: readonly number[]): PitchCandidate[] {
  const octaves = frames.map((candidates) => candidates.map(({ hz }) => Math.log2(Math.max(hz, 1))))
  const previous: Uint8Array[] = []
  let sums: number[] = []
  for (const [frame, candidates] of frames.entries()) {
    const from = new Uint8Array(candidates.length)
    const lastSums = sums
    sums = candidates.map(({ hz, score }, index) => {
      const local = hz === 0 ? unvoiced[frame] : score
      if (frame === 0) return local
      let best = -Infinity
      for (let before = 0; before < lastSums.length; before++) {
        const sum = lastSums[before] - stepCost(octaves[frame - 1][before], octaves[frame][index])
        if (sum > best) [best, from[index]] = [sum, before]
      }
      return best + local
    })
    previous.push(from)
  }
  return followBack(frames, previous, sums.indexOf(Math.max(...sums)))
}

/** Of two pitches in octaves; 0 is no voice. */
function stepCost(before: number, now: number): number {
  if (before === 0 || now === 0) return before === now ? 0 : VOICING_COST
  return OCTAVE_JUMP_COST * Math.abs(now - before)
}

function followBack(
  frames: readonly (readonly PitchCandidate[])[],
  previous: readonly Uint8Array[],
  last: number,
): PitchCandidate[] {
  const path: PitchCandidate[] = []
  let index = last
  for (let frame = frames.length - 1; frame >= 0; frame--) {
    path.push(frames[frame][index])
    index = previous[frame][index]
  }
  return path.reverse()
}
