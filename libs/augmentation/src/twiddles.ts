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
  const turn = size === 2 ? 2 : 1
  for (let k = 0; k < count; k++) {
    const at = (k * turn) % quarter
    const side = Math.floor((k * turn) / quarter) % 4
    const along = wave[at]
    const across = wave[quarter - at]
    cos[k] = side === 0 ? along : side === 1 ? -across : side === 2 ? -along : across
    sin[k] = side === 0 ? across : side === 1 ? along : side === 2 ? -across : -along
  }
  return { cos, sin }
}
