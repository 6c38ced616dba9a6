/** Complex numbers as two arrays of equal length. */
export type SplitComplex = { readonly re: Float64Array; readonly im: Float64Array }

/**
 * Makes a forward transform of `size` complex numbers (a power of two): X[k] = sum x[n] exp(-2 pi i k n / size).
 *
 * Stockham's self-sorting radix 4: every pass reads one pair of arrays and writes the other in the order that the
 * next pass reads, so no bit reversal is needed. An odd power of two ends with one pass of radix 2.
 * The returned function overwrites `data` and returns the arrays that hold the result: `data` or the plan's own
 * scratch, valid until the next call.
 */
export function complexFft(size: number): (data: SplitComplex) => SplitComplex {
  if (size < 1 || (size & (size - 1)) !== 0)
    throw new RangeError(`the transform's size must be a power of two: ${size}`)
  const scratch = { re: new Float64Array(size), im: new Float64Array(size) }
  const twiddles = fftTwiddles(size)
  return (data) => {
    let from: SplitComplex = data
    let to: SplitComplex = scratch
    let length = size
    let stride = 1
    for (const twiddle of twiddles) {
      radix4Pass(from, to, { quarter: length >> 2, stride, twiddle })
      ;[from, to] = [to, from]
      length >>= 2
      stride <<= 2
    }
    if (length === 1) return from
    radix2Pass(from, to, stride)
    return to
  }
}

/** For each radix-4 pass: cos and sin of w, w^2, w^3 for each p, w = exp(-2 pi i p / length); six numbers a p. */
export function fftTwiddles(size: number): Float64Array[] {
  const passes: Float64Array[] = []
  for (let length = size; length >= 4; length >>= 2) {
    const table = new Float64Array((length >> 2) * 6)
    for (let p = 0; p < length >> 2; p++) {
      for (let power = 1; power <= 3; power++) {
        const angle = (-2 * Math.PI * p * power) / length
        table[p * 6 + power * 2 - 2] = Math.cos(angle)
        table[p * 6 + power * 2 - 1] = Math.sin(angle)
      }
    }
    passes.push(table)
  }
  return passes
}

type Pass = { readonly quarter: number; readonly stride: number; readonly twiddle: Float64Array }

function radix4Pass({ re, im }: SplitComplex, out: SplitComplex, { quarter, stride, twiddle }: Pass): void {
  const outRe = out.re
  const outIm = out.im
  const step = quarter * stride
  for (let p = 0; p < quarter; p++) {
    const w1r = twiddle[p * 6]
    const w1i = twiddle[p * 6 + 1]
    const w2r = twiddle[p * 6 + 2]
    const w2i = twiddle[p * 6 + 3]
    const w3r = twiddle[p * 6 + 4]
    const w3i = twiddle[p * 6 + 5]
    const source = p * stride
    const target = source * 4
    for (let q = 0; q < stride; q++) {
      const a = source + q
      const b = a + step
      const c = b + step
      const d = c + step
      const sumAcRe = re[a] + re[c]
      const sumAcIm = im[a] + im[c]
      const difAcRe = re[a] - re[c]
      const difAcIm = im[a] - im[c]
      const sumBdRe = re[b] + re[d]
      const sumBdIm = im[b] + im[d]
      const difBdRe = re[b] - re[d]
      const difBdIm = im[b] - im[d]
      const y = target + q
      outRe[y] = sumAcRe + sumBdRe
      outIm[y] = sumAcIm + sumBdIm
      const r1 = difAcRe + difBdIm
      const i1 = difAcIm - difBdRe
      outRe[y + stride] = r1 * w1r - i1 * w1i
      outIm[y + stride] = r1 * w1i + i1 * w1r
      const r2 = sumAcRe - sumBdRe
      const i2 = sumAcIm - sumBdIm
      outRe[y + 2 * stride] = r2 * w2r - i2 * w2i
      outIm[y + 2 * stride] = r2 * w2i + i2 * w2r
      const r3 = difAcRe - difBdIm
      const i3 = difAcIm + difBdRe
      outRe[y + 3 * stride] = r3 * w3r - i3 * w3i
      outIm[y + 3 * stride] = r3 * w3i + i3 * w3r
    }
  }
}

function radix2Pass({ re, im }: SplitComplex, out: SplitComplex, stride: number): void {
  for (let q = 0; q < stride; q++) {
    const other = q + stride
    out.re[q] = re[q] + re[other]
    out.im[q] = im[q] + im[other]
    out.re[other] = re[q] - re[other]
    out.im[other] = im[q] - im[other]
  }
}
