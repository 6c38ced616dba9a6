import { PITCH_BIN_HZ, type CorrelatedFrame } from './correlate-frame.ts'
import { VOICE_RATE } from './voice-spec.ts'

export const CANDIDATES = 6
const LOWEST_HZ = 70
const HIGHEST_HZ = 600
const SHORTEST_LAG = Math.floor(VOICE_RATE / HIGHEST_HZ) - 1
const LONGEST_LAG = Math.ceil(VOICE_RATE / LOWEST_HZ) + 1
/** What an octave lower costs: of a period and its multiple the shorter one is taken. */
const OCTAVE_COST = 0.01
const LEAST_CORRELATION = 0.1
/** The third formant. */
const A3_BINS = [Math.floor(2500 / PITCH_BIN_HZ), Math.floor(3800 / PITCH_BIN_HZ)] as const

/** What is known of a pitch that a frame may have, or of the frame without one. */
export type PitchCandidate = {
  /** 0: no voice. */
  readonly hz: number
  readonly score: number
  /** The autocorrelation at its period, of the low band and of the whole: the highest one where there is no voice. */
  readonly periodicity: number
  readonly fullPeriodicity: number
  /** Of the first harmonic over the second, and over the third formant, in dB; 0 where there is no voice. */
  readonly h1h2: number
  readonly h1a3: number
}

/** The candidates of a frame, at most six and the best, and last the one without voice, whose score is not known yet. */
export function findPitchCandidates(frame: CorrelatedFrame): PitchCandidate[] {
  const thirdFormant = strongest(frame.power, A3_BINS[0], A3_BINS[1])
  const found = findPeaks(frame.low).map(({ hz, score }): PitchCandidate => {
    const lag = Math.min(Math.max(Math.round(VOICE_RATE / hz), SHORTEST_LAG), LONGEST_LAG)
    return {
      hz,
      score,
      periodicity: frame.low[lag],
      fullPeriodicity: frame.full[lag],
      ...harmonics(frame.power, hz, thirdFormant),
    }
  })
  const without = { periodicity: highest(frame.low), fullPeriodicity: highest(frame.full), h1h2: 0, h1a3: 0 }
  return [...found, { hz: 0, score: 0, ...without }]
}

type Peak = { readonly hz: number; readonly score: number }

function findPeaks(correlation: Float64Array): Peak[] {
  const peaks: Peak[] = []
  for (let lag = SHORTEST_LAG; lag < LONGEST_LAG; lag++) {
    const here = correlation[lag]
    const before = correlation[lag - 1]
    const after = correlation[lag + 1]
    if (here <= LEAST_CORRELATION || here < before || here <= after) continue
    const peak = refinePeak(lag, before, here, after)
    if (peaks.length < CANDIDATES) peaks.push(peak)
    else replaceWorst(peaks, peak)
  }
  return peaks
}

/** The vertex of the parabola through three values. */
function refinePeak(lag: number, before: number, here: number, after: number): Peak {
  const offset = (0.5 * (before - after)) / (before - 2 * here + after)
  const height = Math.min(here - 0.25 * (before - after) * offset, 1)
  const hz = VOICE_RATE / (lag + offset)
  return { hz, score: height - OCTAVE_COST * Math.log2(LOWEST_HZ / hz) }
}

function replaceWorst(peaks: Peak[], peak: Peak): void {
  let worst = 0
  for (let i = 1; i < peaks.length; i++) if (peaks[i].score < peaks[worst].score) worst = i
  if (peak.score > peaks[worst].score) peaks[worst] = peak
}

function highest(correlation: Float64Array): number {
  let most = correlation[SHORTEST_LAG]
  for (let lag = SHORTEST_LAG + 1; lag < LONGEST_LAG; lag++) if (correlation[lag] > most) most = correlation[lag]
  return most
}

function harmonics(
  power: Float64Array,
  hz: number,
  thirdFormant: number,
): { readonly h1h2: number; readonly h1a3: number } {
  const first = harmonic(power, hz, 1)
  return { h1h2: 10 * Math.log10(first / harmonic(power, hz, 2)), h1a3: 10 * Math.log10(first / thirdFormant) }
}

/** The strongest bin within a tenth of the pitch around a harmonic. */
function harmonic(power: Float64Array, hz: number, number: number): number {
  const end = Math.ceil(((number + 0.1) * hz) / PITCH_BIN_HZ) + 1
  return strongest(power, ((number - 0.1) * hz) / PITCH_BIN_HZ, end)
}

function strongest(power: Float64Array, from: number, end: number): number {
  const last = Math.min(end, power.length)
  let most = 1e-12
  for (let bin = Math.max(1, Math.floor(from)); bin < last; bin++) {
    if (power[bin] > most) most = power[bin]
  }
  return most
}
