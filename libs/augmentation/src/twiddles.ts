/** cos and sin of 2 pi k / size. */
export type Twiddles = { readonly cos: Float64Array; readonly sin: Float64Array }

/**
 * The first `count` values, count <= size, from one quarter of the circle: a quarter of the calls to `cos`, which otherwise cost as much as
 * the transform. `size` is a multiple of 4, or 2.
 */
export function createTwiddles(size: number, count: number): Twiddles {
  const cos = new Float64Array(count)
  const sin = new Float64Array(count)
  const quarter = Math.max(1, size / 4)
  const wave = new Float64Array(quarter + 1)
  for (let k = 0; k < quarter; k++) wave[k] = Math.cos((2 * Math.PI * k) / Math.max(4, size))
  for (let side = 0; side * quarter < count; side++) {
    // Of two values the second is half a circle on.
    const turn = (size === 2 ? 2 * side : side) % 4
    const start = side * quarter
    const end = Math.min(count, start + quarter)
    for (let k = start; k < end; k++) {
      const along = wave[k - start]
      const across = wave[quarter - (k - start)]
      cos[k] = turn === 0 ? along : turn === 1 ? -across : turn === 2 ? -along : across
      sin[k] = turn === 0 ? across : turn === 1 ? along : turn === 2 ? -across : -along
    }
  }
  return { cos, sin }
}
