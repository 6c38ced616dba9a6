// The transform of src/complex-fft.ts (Stockham, radix 4), on two signals at once: a complex number is two vectors,
// real parts and imaginary parts, and each vector holds one number of either signal. No lane ever meets another, so
// the transform needs no shuffles.

/** Bytes of one complex number of both signals. */
export const COMPLEX_BYTES: usize = 32

/**
 * Transforms `size` complex numbers at `data` (a power of two); `scratch` is as large. The twiddles of all radix-4
 * passes follow each other at `twiddles`, six numbers a butterfly. Returns where the result is: `data` or `scratch`.
 */
export function complexFft(data: usize, scratch: usize, size: i32, twiddles: usize): usize {
  let from = data
  let to = scratch
  let length = size
  let stride: usize = COMPLEX_BYTES
  while (length >= 4) {
    const quarter = length >> 2
    // The last pass turns by nothing.
    if (quarter == 1) plainPass(from, to, stride)
    else twiddles = turningPass(from, to, quarter, stride, twiddles)
    const other = from
    from = to
    to = other
    length = quarter
    stride <<= 2
  }
  if (length == 1) return from
  halvingPass(from, to, stride)
  return to
}

/** Butterflies of `quarter` times `stride / 32` numbers, each of the first with its own turn. Returns the next pass's twiddles. */
function turningPass(from: usize, to: usize, quarter: i32, stride: usize, twiddles: usize): usize {
  const step = <usize>quarter * stride
  for (let p = 0; p < quarter; p++) {
    const w1r = v128.load64_splat(twiddles, 0)
    const w1i = v128.load64_splat(twiddles, 8)
    const w2r = v128.load64_splat(twiddles, 16)
    const w2i = v128.load64_splat(twiddles, 24)
    const w3r = v128.load64_splat(twiddles, 32)
    const w3i = v128.load64_splat(twiddles, 40)
    twiddles += 48
    let a = from + <usize>p * stride
    let y = to + <usize>p * stride * 4
    for (const end = a + stride; a < end; a += COMPLEX_BYTES, y += COMPLEX_BYTES) {
      const ar = v128.load(a)
      const ai = v128.load(a, 16)
      const br = v128.load(a + step)
      const bi = v128.load(a + step, 16)
      const cr = v128.load(a + 2 * step)
      const ci = v128.load(a + 2 * step, 16)
      const dr = v128.load(a + 3 * step)
      const di = v128.load(a + 3 * step, 16)
      const sumAcRe = f64x2.add(ar, cr)
      const sumAcIm = f64x2.add(ai, ci)
      const difAcRe = f64x2.sub(ar, cr)
      const difAcIm = f64x2.sub(ai, ci)
      const sumBdRe = f64x2.add(br, dr)
      const sumBdIm = f64x2.add(bi, di)
      const difBdRe = f64x2.sub(br, dr)
      const difBdIm = f64x2.sub(bi, di)
      v128.store(y, f64x2.add(sumAcRe, sumBdRe))
      v128.store(y, f64x2.add(sumAcIm, sumBdIm), 16)
      storeTurned(y + stride, f64x2.add(difAcRe, difBdIm), f64x2.sub(difAcIm, difBdRe), w1r, w1i)
      storeTurned(y + 2 * stride, f64x2.sub(sumAcRe, sumBdRe), f64x2.sub(sumAcIm, sumBdIm), w2r, w2i)
      storeTurned(y + 3 * stride, f64x2.sub(difAcRe, difBdIm), f64x2.add(difAcIm, difBdRe), w3r, w3i)
    }
  }
  return twiddles
}

function storeTurned(at: usize, re: v128, im: v128, turnRe: v128, turnIm: v128): void {
  v128.store(at, f64x2.sub(f64x2.mul(re, turnRe), f64x2.mul(im, turnIm)))
  v128.store(at, f64x2.add(f64x2.mul(re, turnIm), f64x2.mul(im, turnRe)), 16)
}

function plainPass(from: usize, to: usize, stride: usize): void {
  for (const end = from + stride; from < end; from += COMPLEX_BYTES, to += COMPLEX_BYTES) {
    const ar = v128.load(from)
    const ai = v128.load(from, 16)
    const br = v128.load(from + stride)
    const bi = v128.load(from + stride, 16)
    const cr = v128.load(from + 2 * stride)
    const ci = v128.load(from + 2 * stride, 16)
    const dr = v128.load(from + 3 * stride)
    const di = v128.load(from + 3 * stride, 16)
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
    v128.store(to + stride, f64x2.add(difAcRe, difBdIm))
    v128.store(to + stride, f64x2.sub(difAcIm, difBdRe), 16)
    v128.store(to + 2 * stride, f64x2.sub(sumAcRe, sumBdRe))
    v128.store(to + 2 * stride, f64x2.sub(sumAcIm, sumBdIm), 16)
    v128.store(to + 3 * stride, f64x2.sub(difAcRe, difBdIm))
    v128.store(to + 3 * stride, f64x2.add(difAcIm, difBdRe), 16)
  }
}

function halvingPass(from: usize, to: usize, stride: usize): void {
  for (const end = from + stride; from < end; from += COMPLEX_BYTES, to += COMPLEX_BYTES) {
    const ar = v128.load(from)
    const ai = v128.load(from, 16)
    const br = v128.load(from + stride)
    const bi = v128.load(from + stride, 16)
    v128.store(to, f64x2.add(ar, br))
    v128.store(to, f64x2.add(ai, bi), 16)
    v128.store(to + stride, f64x2.sub(ar, br))
    v128.store(to + stride, f64x2.sub(ai, bi), 16)
  }
}
