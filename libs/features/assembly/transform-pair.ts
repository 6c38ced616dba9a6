// The transform of @ser/kernels' src/complex-fft.ts in float64, on two signals at once, a lane each: the same operations in
// the same order, so the values are equal to the last bit.

/** Bytes of a complex number of both, and of a butterfly's three turns (w, w^2, w^3). */
export const COMPLEX_BYTES: usize = 32
const TWIDDLE_BYTES: usize = 48

/**
 * @param size a power of four
 * @param twiddles of all passes, float64
 * @returns where the result is: at `data` or at `scratch`
 */
export function transformPair(data: usize, scratch: usize, size: i32, twiddles: usize): usize {
  let stride = COMPLEX_BYTES
  for (let quarter = size >> 2; quarter > 0; quarter >>= 2) {
    passOfFour(data, scratch, quarter, stride, twiddles)
    twiddles += <usize>quarter * TWIDDLE_BYTES
    stride <<= 2
    const other = data
    data = scratch
    scratch = other
  }
  return data
}

function passOfFour(from: usize, to: usize, quarter: i32, stride: usize, turn: usize): void {
  const step = <usize>quarter * stride
  for (const end = from + step; from < end; to += 3 * stride, turn += TWIDDLE_BYTES) {
    for (const runEnd = from + stride; from < runEnd; from += COMPLEX_BYTES, to += COMPLEX_BYTES) {
      const ar = v128.load(from)
      const ai = v128.load(from, 16)
      const cr = v128.load(from + 2 * step)
      const ci = v128.load(from + 2 * step, 16)
      const br = v128.load(from + step)
      const bi = v128.load(from + step, 16)
      const dr = v128.load(from + 3 * step)
      const di = v128.load(from + 3 * step, 16)
      const sumAcRe = f64x2.add(ar, cr)
      const sumAcIm = f64x2.add(ai, ci)
      const difAcRe = f64x2.sub(ar, cr)
      const difAcIm = f64x2.sub(ai, ci)
      const sumBdRe = f64x2.add(br, dr)
      const sumBdIm = f64x2.add(bi, di)
      const difBdRe = f64x2.sub(br, dr)
      const difBdIm = f64x2.sub(bi, di)
      v128.store(to, f64x2.add(sumAcRe, sumBdRe))
      v128.store(to, f64x2.add(sumAcIm, sumBdIm), 16)
      storeTurned(to + stride, f64x2.add(difAcRe, difBdIm), f64x2.sub(difAcIm, difBdRe), turn)
      storeTurned(to + 2 * stride, f64x2.sub(sumAcRe, sumBdRe), f64x2.sub(sumAcIm, sumBdIm), turn + 16)
      storeTurned(to + 3 * stride, f64x2.sub(difAcRe, difBdIm), f64x2.add(difAcIm, difBdRe), turn + 32)
    }
  }
}

function storeTurned(at: usize, re: v128, im: v128, turn: usize): void {
  const turnRe = v128.load64_splat(turn)
  const turnIm = v128.load64_splat(turn, 8)
  v128.store(at, f64x2.sub(f64x2.mul(re, turnRe), f64x2.mul(im, turnIm)))
  v128.store(at, f64x2.add(f64x2.mul(re, turnIm), f64x2.mul(im, turnRe)), 16)
}
