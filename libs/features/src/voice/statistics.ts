/** The arithmetic mean; 0 of nothing. */
export function mean(values: ArrayLike<number>): number {
  return values.length === 0 ? 0 : sumOf(toFloat64(values)) / values.length
}

/** A loop that meets one kind of array only is several times as fast. */
function toFloat64(values: ArrayLike<number>): Float64Array {
  return values instanceof Float64Array ? values : new Float64Array(values)
}

function sumOf(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum
}

/** The standard deviation of a population (divided by n); 0 of nothing. */
export function deviation(values: ArrayLike<number>): number {
  const centre = mean(values)
  const squares = new Float64Array(values)
  for (let i = 0; i < squares.length; i++) squares[i] = (squares[i] - centre) ** 2
  return Math.sqrt(mean(squares))
}

/** Percentiles of at least one value, with linear interpolation between neighbours (NumPy's default). */
export function percentiles(values: ArrayLike<number>, percents: readonly number[]): number[] {
  const sorted = new Float64Array(values).sort()
  return percents.map((percent) => {
    const place = ((sorted.length - 1) * percent) / 100
    const below = Math.floor(place)
    const above = Math.min(below + 1, sorted.length - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below)
  })
}

/** The slope of the least-squares line through values that are spread over a time of 1; 0 of fewer than three. */
export function slopeOverTime(track: ArrayLike<number>): number {
  const values = toFloat64(track)
  const count = values.length
  if (count < 3) return 0
  const centre = mean(values)
  let product = 0
  let squares = 0
  for (let i = 0; i < count; i++) {
    const time = i / (count - 1) - 0.5
    product += time * (values[i] - centre)
    squares += time * time
  }
  return product / squares
}
