import { percent } from './format-numbers.ts'
import type { FigureRange } from './summarise-runs.ts'

/** `96.0 % ± 0.8 (95.7 to 96.4 %)`: mean, half of Student's t interval of the mean in points, and range over the seeds. */
export function describeRange({ mean, least, most, interval }: FigureRange, digits = 1): string {
  if (interval === undefined) return percent(mean, digits)
  const half = ((interval.high - interval.low) / 2) * 100
  return `${percent(mean, digits)} ± ${half.toFixed(digits)} (${(least * 100).toFixed(digits)} to ${percent(most, digits)})`
}

/** A difference in points with its interval: `+1.3 (-0.2 to 2.7)`. */
export function describeDifference({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${value < 0 ? '' : '+'}${points(value)} (${points(low)} to ${points(high)})`
}

function points(share: number): string {
  return (share * 100).toFixed(1)
}
