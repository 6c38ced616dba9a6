import type { Interval } from './bootstrap-intervals.ts'

/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054

/**
 * Wilson's score interval of a share, 95 % (Wilson, 1927): without drawing, of use from a few recordings on, and not of width zero when
 * all or none are right. It takes the recordings as independent.
 *
 * @throws RangeError when there is nothing to have a share of
 */
export function wilsonInterval(hits: number, count: number): Interval {
  if (!(count > 0 && hits >= 0 && hits <= count)) throw new RangeError(`${hits} of ${count} is no share`)
  const share = hits / count
  const middle = share + Z ** 2 / (2 * count)
  const reach = Z * Math.sqrt((share * (1 - share) + Z ** 2 / (4 * count)) / count)
  const scale = 1 + Z ** 2 / count
  return { low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) }
}
