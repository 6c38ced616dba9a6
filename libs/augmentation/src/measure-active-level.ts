import { peak, rms } from './levels.ts'
import { requireSampleRate } from './errors.ts'

const SMOOTHING_SECONDS = 0.03
const HANGOVER_SECONDS = 0.2
const MARGIN_DB = 15.9
const THRESHOLDS = 15

/**
 * The RMS of speech while it is active, after ITU-T P.56 (method B): the level whose distance to the envelope threshold that selects the
 * active samples is 15.9 dB, with 30 ms smoothing and 200 ms hangover. Thresholds are taken relative to the recording's peak instead of
 * full scale, so the result scales with the input.
 * @returns linear amplitude; 0 for silence. Never below the RMS of the whole recording.
 */
export function measureActiveLevel(samples: Float32Array, sampleRate: number): number {
  requireSampleRate(sampleRate)
  const largest = peak(samples)
  if (largest === 0) return 0
  const counts = countActiveSamples(samples, sampleRate, largest)
  const overall = rms(samples)
  const energy = overall * overall * samples.length
  let previous: { level: number; distance: number } | undefined
  // From the lowest threshold up: the fewer samples count as active, the higher their level and the smaller the distance.
  for (let j = THRESHOLDS; j >= 1; j--) {
    if (counts[j] === 0) break
    const level = 10 * Math.log10(energy / counts[j])
    const distance = level - 20 * Math.log10(largest * 2 ** -j)
    if (distance <= MARGIN_DB) return 10 ** (interpolateLevel(previous, { level, distance }) / 20)
    previous = { level, distance }
  }
  return overall
}

function interpolateLevel(
  above: { level: number; distance: number } | undefined,
  below: { level: number; distance: number },
): number {
  if (above === undefined) return below.level
  const fraction = (above.distance - MARGIN_DB) / (above.distance - below.distance)
  return above.level + fraction * (below.level - above.level)
}

/**
 * How many samples are active at the threshold `largest * 2^-j`, for j from 1 to 15: those where the envelope reaches it, and those within the
 * hangover after. Where it reaches one threshold it reaches all lower ones, so only the thresholds that it crosses have to be looked at.
 */
function countActiveSamples(samples: Float32Array, sampleRate: number, largest: number): Float64Array {
  const keep = Math.exp(-1 / (sampleRate * SMOOTHING_SECONDS))
  const hangover = Math.round(sampleRate * HANGOVER_SECONDS)
  const thresholds = Float64Array.from({ length: THRESHOLDS + 1 }, (_, j) => largest * 2 ** -j)
  const stretches = createStretches(hangover)
  // The highest threshold that the envelope reaches: the smallest j.
  let reached = THRESHOLDS + 1
  let first = 0
  let envelope = 0
  for (let i = 0; i < samples.length; i++) {
    first = keep * first + (1 - keep) * Math.abs(samples[i])
    envelope = keep * envelope + (1 - keep) * first
    while (reached > 1 && envelope >= thresholds[reached - 1]) stretches.begin((reached -= 1), i)
    while (reached <= THRESHOLDS && envelope < thresholds[reached]) stretches.end(reached++, i)
  }
  for (let j = reached; j <= THRESHOLDS; j++) stretches.end(j, samples.length)
  return stretches.count(samples.length)
}

/** Adds up the stretches, each with its hangover, in which the envelope reaches each threshold; where they overlap they count once. */
function createStretches(hangover: number) {
  const counts = new Float64Array(THRESHOLDS + 1)
  const begins = new Float64Array(THRESHOLDS + 1)
  /** Where the hangover of the last stretch ends. */
  const until = new Float64Array(THRESHOLDS + 1)
  return {
    begin(j: number, at: number): void {
      counts[j] -= Math.max(0, until[j] - at)
      begins[j] = at
    },
    /** `at` is the first sample that is below. */
    end(j: number, at: number): void {
      until[j] = at - 1 + hangover
      counts[j] += until[j] - begins[j]
    },
    count: (length: number): Float64Array => counts.map((count, j) => count - Math.max(0, until[j] - length)),
  }
}
