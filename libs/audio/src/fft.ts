/** A plan for transforms of one size, in place, on complex numbers in two arrays. */
export type Fft = {
  readonly size: number
  /** X[k] = sum x[n] exp(-2 pi i k n / size). */
  forward(re: Float64Array, im: Float64Array): void
}

/** The textbook's radix 2: bit reversal, then butterflies. The inverse is the forward transform with re and im exchanged. */
export function createFft(size: number): Fft {
  if (size < 2 || (size & (size - 1)) !== 0)
    throw new RangeError(`the transform's size must be a power of two: ${size}`)
  const cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size))
  const sin = Float64Array.from({ length: size / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / size))
  const reversed = reversedIndices(size)
  function forward(re: Float64Array, im: Float64Array): void {
    for (let i = 0; i < size; i++) {
      const j = reversed[i]
      if (i >= j) continue
      ;[re[i], re[j]] = [re[j], re[i]]
      ;[im[i], im[j]] = [im[j], im[i]]
    }
    for (let half = 1; half < size; half *= 2) butterflies(re, im, { half, cos, sin })
  }
  return { size, forward }
}

type Pass = { readonly half: number; readonly cos: Float64Array; readonly sin: Float64Array }

function butterflies(re: Float64Array, im: Float64Array, { half, cos, sin }: Pass): void {
  const turn = cos.length / half
  for (let start = 0; start < re.length; start += half * 2) {
    for (let k = 0, angle = 0; k < half; k++, angle += turn) {
      const a = start + k
      const b = a + half
      const turnedRe = re[b] * cos[angle] + im[b] * sin[angle]
      const turnedIm = im[b] * cos[angle] - re[b] * sin[angle]
      re[b] = re[a] - turnedRe
      im[b] = im[a] - turnedIm
      re[a] += turnedRe
      im[a] += turnedIm
    }
  }
}

function reversedIndices(size: number): Uint32Array {
  const reversed = new Uint32Array(size)
  for (let i = 1; i < size; i++) reversed[i] = (reversed[i >> 1] >> 1) | (i & 1 ? size >> 1 : 0)
  return reversed
}
