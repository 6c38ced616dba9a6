import type { Voice } from './find-voice.ts'
import { deviation, mean, percentiles, slopeOverTime } from './statistics.ts'
import type { VoiceValues } from './voice-values.ts'

/** Frames over which a rise or fall is measured. */
const SLOPE_FRAMES = 4
const SLOPE_SECONDS = 0.04
/** Octaves a second: more is a leap of the tracker. */
const STEEPEST = 10

/**
 * Statistics of the pitch in octaves (log2 Hz), smoothed by a median of five frames: where it lies, how far it moves, how
 * fast it rises and falls (octaves a second), how it ends, and its jitter, the median second difference unsmoothed.
 */
export function poolPitch({ f0, stretches }: Voice): VoiceValues {
  const raw = stretches.map(({ start, end }) => f0.subarray(start, end))
  const smooth = raw.map(medianOfFive)
  const all = smooth.flatMap((stretch) => [...stretch])
  const [p5, p20, p50, p80, p95] = percentiles(all, [5, 20, 50, 80, 95])
  const third = Math.max(1, Math.floor(all.length / 3))
  return {
    f0_mean: mean(all),
    f0_std: deviation(all),
    f0_p5: p5,
    f0_p20: p20,
    f0_p50: p50,
    f0_p80: p80,
    f0_p95: p95,
    f0_range_20_80: p80 - p20,
    f0_range_5_95: p95 - p5,
    f0_first_third: mean(all.slice(0, third)) - p50,
    f0_last_third: mean(all.slice(-third)) - p50,
    f0_trend: slopeOverTime(all),
    f0_argmax: all.indexOf(extreme(all, Math.max)) / all.length,
    f0_argmin: all.indexOf(extreme(all, Math.min)) / all.length,
    f0_skewness: skewness(all),
    ...poolMoves(raw, smooth),
    ...poolStretches(smooth),
  }
}

function poolMoves(raw: readonly Float32Array[], smooth: readonly Float64Array[]): VoiceValues {
  const slopes = smooth.flatMap((stretch) =>
    Array.from(stretch.subarray(SLOPE_FRAMES), (value, t) => (value - stretch[t]) / SLOPE_SECONDS),
  )
  const rises = orZero(slopes.filter((slope) => slope > 0).map((slope) => Math.min(slope, STEEPEST)))
  const falls = orZero(slopes.filter((slope) => slope < 0).map((slope) => Math.max(slope, -STEEPEST)))
  const bends = raw
    .filter((stretch) => stretch.length > SLOPE_FRAMES)
    .flatMap((stretch) =>
      Array.from(stretch.subarray(2), (value, t) => Math.abs(value - 2 * stretch[t + 1] + stretch[t])),
    )
  return {
    f0_rise_mean: mean(rises),
    f0_rise_std: deviation(rises),
    f0_fall_mean: mean(falls),
    f0_fall_std: deviation(falls),
    f0_jitter: percentiles(orZero(bends), [50])[0],
  }
}

function poolStretches(stretches: readonly Float64Array[]): VoiceValues {
  const ranges = stretches.map((stretch) => extreme(stretch, Math.max) - extreme(stretch, Math.min))
  const slopes = stretches.map(slopeOverTime)
  return {
    f0_stretch_mean_std: deviation(stretches.map(mean)),
    f0_stretch_range_mean: mean(ranges),
    f0_stretch_range_max: extreme(ranges, Math.max),
    f0_stretch_slope_mean: mean(slopes),
    f0_last_stretch_slope: slopes[slopes.length - 1],
  }
}

/** The ends are continued by their last value. */
function medianOfFive(values: Float32Array): Float64Array {
  const last = values.length - 1
  return Float64Array.from(values, (_, t) => {
    const around = [-2, -1, 0, 1, 2].map((offset) => values[Math.min(Math.max(t + offset, 0), last)])
    return around.sort((a, b) => a - b)[2]
  })
}

function skewness(values: readonly number[]): number {
  const centre = mean(values)
  return mean(values.map((value) => (value - centre) ** 3)) / (deviation(values) ** 3 + 1e-4)
}

function extreme(values: ArrayLike<number>, better: (a: number, b: number) => number): number {
  let found = values[0]
  for (let i = 1; i < values.length; i++) found = better(found, values[i])
  return found
}

function orZero(values: number[]): number[] {
  return values.length === 0 ? [0] : values
}
