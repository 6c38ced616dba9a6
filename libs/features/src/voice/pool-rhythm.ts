import { findStretches, valuesWhere } from './find-stretches.ts'
import type { Voice } from './find-voice.ts'
import { deviation, mean, percentiles } from './statistics.ts'
import { VOICE_HOP, VOICE_RATE } from './voice-spec.ts'
import type { VoiceValues } from './voice-values.ts'

const FRAME_SECONDS = VOICE_HOP / VOICE_RATE
/** Level is smoothed with a Hann window of nine frames. */
const SMOOTHING = Array.from({ length: 9 }, (_, n) => (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / 8)) / 4)
const REACH = 4
/** dB: what is quieter is background. */
const QUIETEST = -40
/** dB: a syllable is louder. */
const SYLLABLE_LEVEL = -20

/**
 * How level moves (dB, dB a frame), how often it peaks (a second), and how long voice lasts and is absent (seconds, or their
 * natural logarithms). Shimmer is the median change of level from frame to frame within the voiced ones.
 */
export function poolRhythm(level: Float32Array, { voiced, stretches }: Voice): VoiceValues {
  const frames = level.length
  const seconds = frames * FRAME_SECONDS
  const [p5, p20, p50, p80, p95] = percentiles(level, [5, 20, 50, 80, 95])
  const lengths = stretches.map(({ start, end }) => (end - start) * FRAME_SECONDS)
  const pauses = findStretches(voiced.map((mark) => 1 - mark)).map(({ start, end }) => (end - start) * FRAME_SECONDS)
  return {
    level_p5: p5,
    level_p20: p20,
    level_p50: p50,
    level_p80: p80,
    level_p95: p95,
    level_centre: centreOfEnergy(level) / frames,
    shimmer: shimmerOf(valuesWhere(level, voiced)),
    ...poolContour(level, seconds),
    voiced_fraction: mean(voiced),
    voiced_rate: stretches.length / seconds,
    voiced_length_log: Math.log(mean(lengths)),
    voiced_length_std: deviation(lengths),
    voiced_length_max_log: Math.log(lengths.reduce((most, length) => Math.max(most, length), 0)),
    unvoiced_length_mean: mean(pauses),
    unvoiced_length_std: deviation(pauses),
    duration_log: Math.log(seconds),
  }
}

function poolContour(level: Float32Array, seconds: number): VoiceValues {
  const contour = smoothLevel(level)
  const steps = Array.from(contour.subarray(1), (value, t) => value - contour[t])
  const peaks = findPeaks(contour)
  const highest = contour.reduce((most, value) => Math.max(most, value), -Infinity)
  return {
    level_rise: mean(steps.filter((step) => step > 0)),
    level_fall: mean(steps.filter((step) => step < 0)),
    level_argmax: contour.indexOf(highest) / level.length,
    level_peak_rate: peaks.length / seconds,
    level_peak_std: deviation(peaks.map((t) => contour[t])),
  }
}

/** Beyond the ends level counts as 0 dB. */
function smoothLevel(level: Float32Array): Float64Array {
  return Float64Array.from(level, (_, t) => {
    let sum = 0
    for (let i = -REACH; i <= REACH; i++) {
      if (t + i >= 0 && t + i < level.length) sum += SMOOTHING[i + REACH] * Math.max(level[t + i], QUIETEST)
    }
    return sum
  })
}

/** Frames that are louder than a syllable's least, and than the four on either side. */
function findPeaks(contour: Float64Array): number[] {
  const peaks: number[] = []
  for (let t = REACH; t < contour.length - REACH; t++) {
    const around = contour.subarray(t - REACH, t + REACH + 1)
    if (contour[t] > SYLLABLE_LEVEL && around.every((value) => value <= contour[t])) peaks.push(t)
  }
  return peaks
}

function shimmerOf(level: Float32Array): number {
  const changes = Array.from(level.subarray(1), (value, t) => Math.abs(value - level[t]))
  return changes.length === 0 ? 0 : percentiles(changes, [50])[0]
}

function centreOfEnergy(level: Float32Array): number {
  let [sum, energy] = [0, 0]
  for (let t = 0; t < level.length; t++) {
    const power = 10 ** (level[t] / 10)
    sum += t * power
    energy += power
  }
  return sum / energy
}
