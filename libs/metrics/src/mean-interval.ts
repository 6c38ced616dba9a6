import { sum } from './class-figures.ts'
import { studentQuantile } from './student-t.ts'

export type MeanInterval = {
  readonly count: number
  readonly mean: number
  /** With n - 1; 0 of one value. */
  readonly deviation: number
  /** The interval of the mean; absent for one value, of which nothing can be said. */
  readonly interval?: { readonly low: number; readonly high: number }
}

/**
 * Mean, standard deviation and Student's t interval of the mean of one figure over seeds (or folds): how far the mean of many such runs may lie.
 * It speaks of the seeds, not of the recordings: the runs share their data, which `bootstrapIntervals` is for. Figures of
 * folds are not independent of one another, so their interval is somewhat too narrow (Bengio and Grandvalet, 2004).
 *
 * @throws RangeError when there is no value
 */
export function meanInterval(values: readonly number[], level = 0.95): MeanInterval {
  const count = values.length
  if (count === 0) throw new RangeError('no value has no mean')
  const mean = sum(values) / count
  if (count === 1) return { count, mean, deviation: 0 }
  const deviation = Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (count - 1))
  const reach = (studentQuantile((1 + level) / 2, count - 1) * deviation) / Math.sqrt(count)
  return { count, mean, deviation, interval: { low: mean - reach, high: mean + reach } }
}
