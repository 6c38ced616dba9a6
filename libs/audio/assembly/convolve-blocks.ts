// Cyclic convolution with several filters at once, by fast Fourier transforms that keep to the cache.
//
// Forth by decimation in frequency, back by decimation in time. In between the frequencies lie in digit-reversed
// order; the filters' spectra are stored in the same order, so nothing is ever reordered and both ways work in place.
// After a pass over the whole, its four quarters have nothing to do with each other: each is taken forth, multiplied
// and taken back before the next, while it lies in the nearest cache. The last pass forth (four or two numbers), the
// multiplication and the first pass back happen in registers.
//
// A complex number is two vectors, two real parts and two imaginary parts: no lane ever meets another. float64: in float32
// the rounding of two transforms reaches that of libsoxr itself, and quiet bands beside a loud tone show it.

/** Bytes of one complex number of both lanes, and of one of a spectrum, which both lanes share. */
export const COMPLEX_BYTES: usize = 32
const SPECTRUM_BYTES: usize = 16
const TWIDDLE_BYTES: usize = 48

/**
 * Convolves `size` numbers (a power of two, at least 8) at `data` with each filter. The first filter's result replaces
 * them, the others' follow at distances of `wholeSize` numbers; real and imaginary parts are exchanged.
 *
 * @param spectrum of the first filter, `wholeSize` numbers before the next filter's, digit-reversed
 * @param twiddles those of all passes, one after the other
 * @param wholeSize of the whole transform, of which this may be a part
 */
export function convolve(data: usize, spectrum: usize, size: i32, twiddles: usize, wholeSize: i32, filters: i32): void {
  const quarter = size >> 2
  const step = <usize>quarter * COMPLEX_BYTES
  passForth(data, quarter, twiddles)
  if (size == 16) multiplyFours(data, spectrum, wholeSize, filters)
  else if (size == 8) multiplyTwos(data, spectrum, wholeSize, filters)
  else {
    const finer = twiddles + <usize>quarter * TWIDDLE_BYTES
    for (let part: usize = 0; part < 4; part++) {
      convolve(data + part * step, spectrum + ((part * step) >> 1), quarter, finer, wholeSize, filters)
    }
  }
  for (let filter = 0; filter < filters; filter++) {
    passBack(data + <usize>(filter * wholeSize) * COMPLEX_BYTES, quarter, twiddles)
  }
}

/** Butterflies of the numbers p, p + quarter ..., then a turn. */
function passForth(data: usize, quarter: i32, twiddles: usize): void {
  const step = <usize>quarter * COMPLEX_BYTES
  for (const end = data + step; data < end; data += COMPLEX_BYTES, twiddles += TWIDDLE_BYTES) {
    const ar = v128.load(data)
    const ai = v128.load(data, 16)
    const br = v128.load(data + step)
    const bi = v128.load(data + step, 16)
    const cr = v128.load(data + 2 * step)
    const ci = v128.load(data + 2 * step, 16)
    const dr = v128.load(data + 3 * step)
    const di = v128.load(data + 3 * step, 16)
    const sumAcRe = f64x2.add(ar, cr)
    const sumAcIm = f64x2.add(ai, ci)
    const difAcRe = f64x2.sub(ar, cr)
    const difAcIm = f64x2.sub(ai, ci)
    const sumBdRe = f64x2.add(br, dr)
    const sumBdIm = f64x2.add(bi, di)
    const difBdRe = f64x2.sub(br, dr)
    const difBdIm = f64x2.sub(bi, di)
    v128.store(data, f64x2.add(sumAcRe, sumBdRe))
    v128.store(data, f64x2.add(sumAcIm, sumBdIm), 16)
    storeTurned(data + step, f64x2.add(difAcRe, difBdIm), f64x2.sub(difAcIm, difBdRe), twiddles)
    storeTurned(data + 2 * step, f64x2.sub(sumAcRe, sumBdRe), f64x2.sub(sumAcIm, sumBdIm), twiddles + 16)
    storeTurned(data + 3 * step, f64x2.sub(difAcRe, difBdIm), f64x2.add(difAcIm, difBdRe), twiddles + 32)
  }
}

function storeTurned(at: usize, re: v128, im: v128, turn: usize): void {
  const turnRe = v128.load64_splat(turn)
  const turnIm = v128.load64_splat(turn, 8)
  v128.store(at, f64x2.sub(f64x2.mul(re, turnRe), f64x2.mul(im, turnIm)))
  v128.store(at, f64x2.add(f64x2.mul(re, turnIm), f64x2.mul(im, turnRe)), 16)
}

/** A turn, then the same butterflies. */
function passBack(data: usize, quarter: i32, twiddles: usize): void {
  const step = <usize>quarter * COMPLEX_BYTES
  for (const end = data + step; data < end; data += COMPLEX_BYTES, twiddles += TWIDDLE_BYTES) {
    const ar = v128.load(data)
    const ai = v128.load(data, 16)
    const br = turnedRe(data + step, twiddles)
    const bi = turnedIm(data + step, twiddles)
    const cr = turnedRe(data + 2 * step, twiddles + 16)
    const ci = turnedIm(data + 2 * step, twiddles + 16)
    const dr = turnedRe(data + 3 * step, twiddles + 32)
    const di = turnedIm(data + 3 * step, twiddles + 32)
    const sumAcRe = f64x2.add(ar, cr)
    const sumAcIm = f64x2.add(ai, ci)
    const difAcRe = f64x2.sub(ar, cr)
    const difAcIm = f64x2.sub(ai, ci)
    const sumBdRe = f64x2.add(br, dr)
    const sumBdIm = f64x2.add(bi, di)
    const difBdRe = f64x2.sub(br, dr)
    const difBdIm = f64x2.sub(bi, di)
    v128.store(data, f64x2.add(sumAcRe, sumBdRe))
    v128.store(data, f64x2.add(sumAcIm, sumBdIm), 16)
    v128.store(data + step, f64x2.add(difAcRe, difBdIm))
    v128.store(data + step, f64x2.sub(difAcIm, difBdRe), 16)
    v128.store(data + 2 * step, f64x2.sub(sumAcRe, sumBdRe))
    v128.store(data + 2 * step, f64x2.sub(sumAcIm, sumBdIm), 16)
    v128.store(data + 3 * step, f64x2.sub(difAcRe, difBdIm))
    v128.store(data + 3 * step, f64x2.add(difAcIm, difBdRe), 16)
  }
}

function turnedRe(at: usize, turn: usize): v128 {
  return f64x2.sub(
    f64x2.mul(v128.load(at), v128.load64_splat(turn)),
    f64x2.mul(v128.load(at, 16), v128.load64_splat(turn, 8)),
  )
}

function turnedIm(at: usize, turn: usize): v128 {
  return f64x2.add(
    f64x2.mul(v128.load(at), v128.load64_splat(turn, 8)),
    f64x2.mul(v128.load(at, 16), v128.load64_splat(turn)),
  )
}

/** Four transforms of four numbers, each multiplied and taken back. */
function multiplyFours(data: usize, spectrum: usize, wholeSize: i32, filters: i32): void {
  for (const end = data + 16 * COMPLEX_BYTES; data < end; data += 4 * COMPLEX_BYTES) {
    const ar = v128.load(data)
    const ai = v128.load(data, 16)
    const br = v128.load(data, 32)
    const bi = v128.load(data, 48)
    const cr = v128.load(data, 64)
    const ci = v128.load(data, 80)
    const dr = v128.load(data, 96)
    const di = v128.load(data, 112)
    const sumAcRe = f64x2.add(ar, cr)
    const sumAcIm = f64x2.add(ai, ci)
    const difAcRe = f64x2.sub(ar, cr)
    const difAcIm = f64x2.sub(ai, ci)
    const sumBdRe = f64x2.add(br, dr)
    const sumBdIm = f64x2.add(bi, di)
    const difBdRe = f64x2.sub(br, dr)
    const difBdIm = f64x2.sub(bi, di)
    const firstRe = f64x2.add(sumAcRe, sumBdRe)
    const firstIm = f64x2.add(sumAcIm, sumBdIm)
    const secondRe = f64x2.add(difAcRe, difBdIm)
    const secondIm = f64x2.sub(difAcIm, difBdRe)
    const thirdRe = f64x2.sub(sumAcRe, sumBdRe)
    const thirdIm = f64x2.sub(sumAcIm, sumBdIm)
    const fourthRe = f64x2.sub(difAcRe, difBdIm)
    const fourthIm = f64x2.add(difAcIm, difBdRe)
    let target = data
    let factor = spectrum
    for (let filter = 0; filter < filters; filter++) {
      butterfly(
        target,
        exchangedRe(firstRe, firstIm, factor),
        exchangedIm(firstRe, firstIm, factor),
        exchangedRe(secondRe, secondIm, factor + 16),
        exchangedIm(secondRe, secondIm, factor + 16),
        exchangedRe(thirdRe, thirdIm, factor + 32),
        exchangedIm(thirdRe, thirdIm, factor + 32),
        exchangedRe(fourthRe, fourthIm, factor + 48),
        exchangedIm(fourthRe, fourthIm, factor + 48),
      )
      target += <usize>wholeSize * COMPLEX_BYTES
      factor += <usize>wholeSize * SPECTRUM_BYTES
    }
    spectrum += 4 * SPECTRUM_BYTES
  }
}

/** The butterfly of four numbers that follow each other. */
function butterfly(at: usize, ar: v128, ai: v128, br: v128, bi: v128, cr: v128, ci: v128, dr: v128, di: v128): void {
  const sumAcRe = f64x2.add(ar, cr)
  const sumAcIm = f64x2.add(ai, ci)
  const difAcRe = f64x2.sub(ar, cr)
  const difAcIm = f64x2.sub(ai, ci)
  const sumBdRe = f64x2.add(br, dr)
  const sumBdIm = f64x2.add(bi, di)
  const difBdRe = f64x2.sub(br, dr)
  const difBdIm = f64x2.sub(bi, di)
  v128.store(at, f64x2.add(sumAcRe, sumBdRe))
  v128.store(at, f64x2.add(sumAcIm, sumBdIm), 16)
  v128.store(at + 32, f64x2.add(difAcRe, difBdIm))
  v128.store(at + 32, f64x2.sub(difAcIm, difBdRe), 16)
  v128.store(at + 64, f64x2.sub(sumAcRe, sumBdRe))
  v128.store(at + 64, f64x2.sub(sumAcIm, sumBdIm), 16)
  v128.store(at + 96, f64x2.sub(difAcRe, difBdIm))
  v128.store(at + 96, f64x2.add(difAcIm, difBdRe), 16)
}

/** Four transforms of two numbers, each multiplied and taken back. */
function multiplyTwos(data: usize, spectrum: usize, wholeSize: i32, filters: i32): void {
  for (const end = data + 8 * COMPLEX_BYTES; data < end; data += 2 * COMPLEX_BYTES) {
    const sumRe = f64x2.add(v128.load(data), v128.load(data, 32))
    const sumIm = f64x2.add(v128.load(data, 16), v128.load(data, 48))
    const difRe = f64x2.sub(v128.load(data), v128.load(data, 32))
    const difIm = f64x2.sub(v128.load(data, 16), v128.load(data, 48))
    let target = data
    let factor = spectrum
    for (let filter = 0; filter < filters; filter++) {
      const firstRe = exchangedRe(sumRe, sumIm, factor)
      const firstIm = exchangedIm(sumRe, sumIm, factor)
      const secondRe = exchangedRe(difRe, difIm, factor + 16)
      const secondIm = exchangedIm(difRe, difIm, factor + 16)
      v128.store(target, f64x2.add(firstRe, secondRe))
      v128.store(target, f64x2.add(firstIm, secondIm), 16)
      v128.store(target, f64x2.sub(firstRe, secondRe), 32)
      v128.store(target, f64x2.sub(firstIm, secondIm), 48)
      target += <usize>wholeSize * COMPLEX_BYTES
      factor += <usize>wholeSize * SPECTRUM_BYTES
    }
    spectrum += 2 * SPECTRUM_BYTES
  }
}

// Real and imaginary parts of a product change places, which makes the transform back an inverse one.

function exchangedRe(re: v128, im: v128, factor: usize): v128 {
  return f64x2.add(f64x2.mul(re, v128.load64_splat(factor, 8)), f64x2.mul(im, v128.load64_splat(factor)))
}

function exchangedIm(re: v128, im: v128, factor: usize): v128 {
  return f64x2.sub(f64x2.mul(re, v128.load64_splat(factor)), f64x2.mul(im, v128.load64_splat(factor, 8)))
}
