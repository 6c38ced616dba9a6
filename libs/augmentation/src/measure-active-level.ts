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

/** How many samples are active at the threshold `largest * 2^-j`, for j from 1 to 15. */
function countActiveSamples(samples: Float32Array, sampleRate: number, largest: number): Float64Array {
  const keep = Math.exp(-1 / (sampleRate * SMOOTHING_SECONDS))
  const hangover = Math.round(sampleRate * HANGOVER_SECONDS)
  const counts = new Float64Array(THRESHOLDS + 1)
  const since = new Float64Array(THRESHOLDS + 1).fill(hangover)
  const thresholds = Float64Array.from({ length: THRESHOLDS + 1 }, (_, j) => largest * 2 ** -j)
  let first = 0
  let envelope = 0
  for (let i = 0; i < samples.length; i++) {
    first = keep * first + (1 - keep) * Math.abs(samples[i])
    envelope = keep * envelope + (1 - keep) * first
    for (let j = 1; j <= THRESHOLDS; j++) {
      since[j] = envelope >= thresholds[j] ? 0 : since[j] + 1
      if (since[j] < hangover) counts[j]++
    }
  }
  return counts
}
