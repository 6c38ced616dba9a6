// Cyclic convolution with several filters at once, by fast Fourier transforms that keep to the cache.
//
// Forth by decimation in frequency, back by decimation in time. In between the frequencies lie in digit-reversed
// order; the filters' spectra are stored in the same order, so nothing is ever reordered and both ways work in place.
// After a pass over the whole, its four quarters have nothing to do with each other: each is taken forth, multiplied
// and taken back before the next, while it lies in the nearest cache. The last pass forth (four or two numbers), the
// multiplication and the first pass back happen in registers.
//
// Numbers are pairs of vectors as in libs/kernels/assembly/transform-forth.ts: no lane ever meets another.

import { COMPLEX_BYTES, TWIDDLE_BYTES, passForth } from '../../kernels/assembly/transform-forth'

/** Bytes of one complex number of a spectrum, which all lanes share. */
const SPECTRUM_BYTES: usize = 8

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
  passForth(data, data + 4 * step, quarter, twiddles)
  if (size == 16) multiplyFours(data, spectrum, wholeSize, filters)
  else if (size == 8) multiplyTwos(data, spectrum, wholeSize, filters)
  else {
    const finer = twiddles + <usize>quarter * TWIDDLE_BYTES
    for (let part: usize = 0; part < 4; part++) {
      convolve(data + part * step, spectrum + ((part * step) >> 2), quarter, finer, wholeSize, filters)
    }
  }
  for (let filter = 0; filter < filters; filter++) {
    passBack(data + <usize>(filter * wholeSize) * COMPLEX_BYTES, quarter, twiddles)
  }
}

/** A turn, then the same butterflies. */
function passBack(data: usize, quarter: i32, twiddles: usize): void {
  const step = <usize>quarter * COMPLEX_BYTES
  for (const end = data + step; data < end; data += COMPLEX_BYTES, twiddles += TWIDDLE_BYTES) {
    const ar = v128.load(data)
    const ai = v128.load(data, 16)
    const br = turnedRe(data + step, twiddles)
    const bi = turnedIm(data + step, twiddles)
    const cr = turnedRe(data + 2 * step, twiddles + 8)
    const ci = turnedIm(data + 2 * step, twiddles + 8)
    const dr = turnedRe(data + 3 * step, twiddles + 16)
    const di = turnedIm(data + 3 * step, twiddles + 16)
    const sumAcRe = f32x4.add(ar, cr)
    const sumAcIm = f32x4.add(ai, ci)
    const difAcRe = f32x4.sub(ar, cr)
    const difAcIm = f32x4.sub(ai, ci)
    const sumBdRe = f32x4.add(br, dr)
    const sumBdIm = f32x4.add(bi, di)
    const difBdRe = f32x4.sub(br, dr)
    const difBdIm = f32x4.sub(bi, di)
    v128.store(data, f32x4.add(sumAcRe, sumBdRe))
    v128.store(data, f32x4.add(sumAcIm, sumBdIm), 16)
    v128.store(data + step, f32x4.add(difAcRe, difBdIm))
    v128.store(data + step, f32x4.sub(difAcIm, difBdRe), 16)
    v128.store(data + 2 * step, f32x4.sub(sumAcRe, sumBdRe))
    v128.store(data + 2 * step, f32x4.sub(sumAcIm, sumBdIm), 16)
    v128.store(data + 3 * step, f32x4.sub(difAcRe, difBdIm))
    v128.store(data + 3 * step, f32x4.add(difAcIm, difBdRe), 16)
  }
}

function turnedRe(at: usize, turn: usize): v128 {
  return f32x4.sub(
    f32x4.mul(v128.load(at), v128.load32_splat(turn)),
    f32x4.mul(v128.load(at, 16), v128.load32_splat(turn, 4)),
  )
}

function turnedIm(at: usize, turn: usize): v128 {
  return f32x4.add(
    f32x4.mul(v128.load(at), v128.load32_splat(turn, 4)),
    f32x4.mul(v128.load(at, 16), v128.load32_splat(turn)),
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
    const sumAcRe = f32x4.add(ar, cr)
    const sumAcIm = f32x4.add(ai, ci)
    const difAcRe = f32x4.sub(ar, cr)
    const difAcIm = f32x4.sub(ai, ci)
    const sumBdRe = f32x4.add(br, dr)
    const sumBdIm = f32x4.add(bi, di)
    const difBdRe = f32x4.sub(br, dr)
    const difBdIm = f32x4.sub(bi, di)
    const firstRe = f32x4.add(sumAcRe, sumBdRe)
    const firstIm = f32x4.add(sumAcIm, sumBdIm)
    const secondRe = f32x4.add(difAcRe, difBdIm)
    const secondIm = f32x4.sub(difAcIm, difBdRe)
    const thirdRe = f32x4.sub(sumAcRe, sumBdRe)
    const thirdIm = f32x4.sub(sumAcIm, sumBdIm)
    const fourthRe = f32x4.sub(difAcRe, difBdIm)
    const fourthIm = f32x4.add(difAcIm, difBdRe)
    let target = data
    let factor = spectrum
    for (let filter = 0; filter < filters; filter++) {
      butterfly(
        target,
        exchangedRe(firstRe, firstIm, factor),
        exchangedIm(firstRe, firstIm, factor),
        exchangedRe(secondRe, secondIm, factor + 8),
        exchangedIm(secondRe, secondIm, factor + 8),
        exchangedRe(thirdRe, thirdIm, factor + 16),
        exchangedIm(thirdRe, thirdIm, factor + 16),
        exchangedRe(fourthRe, fourthIm, factor + 24),
        exchangedIm(fourthRe, fourthIm, factor + 24),
      )
      target += <usize>wholeSize * COMPLEX_BYTES
      factor += <usize>wholeSize * SPECTRUM_BYTES
    }
    spectrum += 4 * SPECTRUM_BYTES
  }
}

/** The butterfly of four numbers that follow each other. */
function butterfly(at: usize, ar: v128, ai: v128, br: v128, bi: v128, cr: v128, ci: v128, dr: v128, di: v128): void {
  const sumAcRe = f32x4.add(ar, cr)
  const sumAcIm = f32x4.add(ai, ci)
  const difAcRe = f32x4.sub(ar, cr)
  const difAcIm = f32x4.sub(ai, ci)
  const sumBdRe = f32x4.add(br, dr)
  const sumBdIm = f32x4.add(bi, di)
  const difBdRe = f32x4.sub(br, dr)
  const difBdIm = f32x4.sub(bi, di)
  v128.store(at, f32x4.add(sumAcRe, sumBdRe))
  v128.store(at, f32x4.add(sumAcIm, sumBdIm), 16)
  v128.store(at + 32, f32x4.add(difAcRe, difBdIm))
  v128.store(at + 32, f32x4.sub(difAcIm, difBdRe), 16)
  v128.store(at + 64, f32x4.sub(sumAcRe, sumBdRe))
  v128.store(at + 64, f32x4.sub(sumAcIm, sumBdIm), 16)
  v128.store(at + 96, f32x4.sub(difAcRe, difBdIm))
  v128.store(at + 96, f32x4.add(difAcIm, difBdRe), 16)
}

/** Four transforms of two numbers, each multiplied and taken back. */
function multiplyTwos(data: usize, spectrum: usize, wholeSize: i32, filters: i32): void {
  for (const end = data + 8 * COMPLEX_BYTES; data < end; data += 2 * COMPLEX_BYTES) {
    const sumRe = f32x4.add(v128.load(data), v128.load(data, 32))
    const sumIm = f32x4.add(v128.load(data, 16), v128.load(data, 48))
    const difRe = f32x4.sub(v128.load(data), v128.load(data, 32))
    const difIm = f32x4.sub(v128.load(data, 16), v128.load(data, 48))
    let target = data
    let factor = spectrum
    for (let filter = 0; filter < filters; filter++) {
      const firstRe = exchangedRe(sumRe, sumIm, factor)
      const firstIm = exchangedIm(sumRe, sumIm, factor)
      const secondRe = exchangedRe(difRe, difIm, factor + 8)
      const secondIm = exchangedIm(difRe, difIm, factor + 8)
      v128.store(target, f32x4.add(firstRe, secondRe))
      v128.store(target, f32x4.add(firstIm, secondIm), 16)
      v128.store(target, f32x4.sub(firstRe, secondRe), 32)
      v128.store(target, f32x4.sub(firstIm, secondIm), 48)
      target += <usize>wholeSize * COMPLEX_BYTES
      factor += <usize>wholeSize * SPECTRUM_BYTES
    }
    spectrum += 2 * SPECTRUM_BYTES
  }
}

// Real and imaginary parts of a product change places, which makes the transform back an inverse one.

function exchangedRe(re: v128, im: v128, factor: usize): v128 {
  return f32x4.add(f32x4.mul(re, v128.load32_splat(factor, 4)), f32x4.mul(im, v128.load32_splat(factor)))
}

function exchangedIm(re: v128, im: v128, factor: usize): v128 {
  return f32x4.sub(f32x4.mul(re, v128.load32_splat(factor)), f32x4.mul(im, v128.load32_splat(factor, 4)))
}
