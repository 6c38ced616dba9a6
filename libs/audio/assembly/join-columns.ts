// Columns of a transform (assembly/filter-band.ts): what has the same frequency in the transforms of every fourth number.

/** Bytes of a complex number of four lanes, and of the three turns of a column, which all lanes share. */
const COMPLEX_BYTES: usize = 32
const TURNS_BYTES: usize = 24
const FACTORS_BYTES: usize = 32
const ROOT_OF_HALF: f32 = 0.7071067811865475
const ROOT_OF_TWO: f32 = 1.4142135623730951

/**
 * Joins four transforms into one of `size` numbers: `spectrum` receives its frequencies from 0 to size / 2.
 *
 * @param parts the transforms, one after the other
 * @param turns of the columns 1, 2 ...: w, w^2, w^3
 */
export function joinColumns(parts: usize, size: i32, turns: usize, spectrum: usize): void {
  const part = (<usize>size) << 2
  // A quarter of the frequencies.
  const quarter = <usize>(size >> 2) * COMPLEX_BYTES
  joinFirstColumn(parts, part, quarter, spectrum)
  let up = spectrum + COMPLEX_BYTES
  let down = spectrum + quarter - COMPLEX_BYTES
  for (let at = parts + 16; up < down; at += 32, up += COMPLEX_BYTES, down -= COMPLEX_BYTES, turns += TURNS_BYTES) {
    const ar = v128.load(at)
    const ai = v128.load(at, 16)
    const br = productRe(at + part, turns)
    const bi = productIm(at + part, turns)
    const cr = productRe(at + 2 * part, turns + 8)
    const ci = productIm(at + 2 * part, turns + 8)
    const dr = productRe(at + 3 * part, turns + 16)
    const di = productIm(at + 3 * part, turns + 16)
    const sumAcRe = f32x4.add(ar, cr)
    const difAcRe = f32x4.sub(ar, cr)
    const sumBdRe = f32x4.add(br, dr)
    const difDbRe = f32x4.sub(dr, br)
    const sumAcIm = f32x4.add(ai, ci)
    const difAcIm = f32x4.sub(ai, ci)
    const sumBdIm = f32x4.add(bi, di)
    const difDbIm = f32x4.sub(di, bi)
    v128.store(up, f32x4.add(sumAcRe, sumBdRe))
    v128.store(up, f32x4.add(sumAcIm, sumBdIm), 16)
    v128.store(down, f32x4.add(difAcRe, difDbIm))
    v128.store(down, f32x4.sub(difDbRe, difAcIm), 16)
    v128.store(up + quarter, f32x4.sub(difAcRe, difDbIm))
    v128.store(up + quarter, f32x4.add(difDbRe, difAcIm), 16)
    v128.store(down + quarter, f32x4.sub(sumAcRe, sumBdRe))
    v128.store(down + quarter, f32x4.sub(sumBdIm, sumAcIm), 16)
  }
}

/** The frequencies 0 and the highest of the parts, which are real. */
function joinFirstColumn(parts: usize, part: usize, quarter: usize, spectrum: usize): void {
  const zero = f32x4.splat(0)
  const a = v128.load(parts)
  const b = v128.load(parts + part)
  const c = v128.load(parts + 2 * part)
  const d = v128.load(parts + 3 * part)
  const ac = f32x4.add(a, c)
  const bd = f32x4.add(b, d)
  storeComplex(spectrum, f32x4.add(ac, bd), zero)
  storeComplex(spectrum + 2 * quarter, f32x4.sub(ac, bd), zero)
  storeComplex(spectrum + quarter, f32x4.sub(a, c), f32x4.sub(d, b))
  const highest = parts + part - 16
  const e = v128.load(highest)
  const f = v128.load(highest + part)
  const g = v128.load(highest + 2 * part)
  const h = v128.load(highest + 3 * part)
  const root = f32x4.splat(ROOT_OF_HALF)
  const re = f32x4.mul(root, f32x4.sub(f, h))
  const im = f32x4.mul(root, f32x4.add(f, h))
  storeComplex(spectrum + (quarter >> 1), f32x4.add(e, re), f32x4.sub(f32x4.neg(g), im))
  storeComplex(spectrum + quarter + (quarter >> 1), f32x4.sub(e, re), f32x4.sub(g, im))
}

function storeComplex(at: usize, re: v128, im: v128): void {
  v128.store(at, re)
  v128.store(at, im, 16)
}

/**
 * The inverse: multiplies a spectrum with a filter's and splits the product, of `size` numbers, into four transforms.
 *
 * @param spectrum as long as needed, or repeating itself after `period` frequencies (a power of two)
 * @param factors the filter's spectrum at 0, at the highest frequency, and at the frequencies of every column, each
 *   complex
 * @param parts receives the transforms, one after the other
 */
export function splitColumns(
  spectrum: usize,
  period: i32,
  factors: usize,
  size: i32,
  turns: usize,
  parts: usize,
): void {
  const part = (<usize>size) << 2
  const quarter = size >> 2
  const last = period - 1
  splitFirstColumn(spectrum, last, factors, quarter, parts)
  factors += 40
  let target = parts + 16
  for (let column = 1; column < quarter >> 1; column++, target += 32, turns += TURNS_BYTES, factors += FACTORS_BYTES) {
    const a = place(spectrum, column, last)
    const b = place(spectrum, quarter - column, last)
    const c = place(spectrum, quarter + column, last)
    const d = place(spectrum, 2 * quarter - column, last)
    const ar = productRe(a, factors)
    const ai = productIm(a, factors)
    const br = productRe(b, factors + 8)
    const bi = productIm(b, factors + 8)
    const cr = productRe(c, factors + 16)
    const ci = productIm(c, factors + 16)
    const dr = productRe(d, factors + 24)
    const di = productIm(d, factors + 24)
    const sumAdRe = f32x4.add(ar, dr)
    const difAdRe = f32x4.sub(ar, dr)
    const sumBcRe = f32x4.add(br, cr)
    const difBcRe = f32x4.sub(br, cr)
    const sumAdIm = f32x4.add(ai, di)
    const difAdIm = f32x4.sub(ai, di)
    const sumBcIm = f32x4.add(bi, ci)
    const difBcIm = f32x4.sub(bi, ci)
    storeComplex(target, f32x4.add(sumAdRe, sumBcRe), f32x4.sub(difAdIm, difBcIm))
    storeTurnedBack(target + part, f32x4.sub(difAdRe, sumBcIm), f32x4.sub(sumAdIm, difBcRe), turns)
    storeTurnedBack(target + 2 * part, f32x4.sub(sumAdRe, sumBcRe), f32x4.add(difAdIm, difBcIm), turns + 8)
    storeTurnedBack(target + 3 * part, f32x4.add(difAdRe, sumBcIm), f32x4.add(sumAdIm, difBcRe), turns + 16)
  }
}

function splitFirstColumn(spectrum: usize, last: i32, factors: usize, quarter: i32, parts: usize): void {
  const part = (<usize>quarter) << 4
  const two = f32x4.splat(2)
  const root = f32x4.splat(ROOT_OF_TWO)
  const zero = productRe(spectrum, factors)
  const top = productRe(place(spectrum, 2 * quarter, last), factors + 8)
  const b = place(spectrum, quarter >> 1, last)
  const c = place(spectrum, quarter, last)
  const d = place(spectrum, quarter + (quarter >> 1), last)
  const br = productRe(b, factors + 16)
  const bi = productIm(b, factors + 16)
  const cr = f32x4.mul(two, productRe(c, factors + 24))
  const ci = f32x4.mul(two, productIm(c, factors + 24))
  const dr = productRe(d, factors + 32)
  const di = productIm(d, factors + 32)
  const sum = f32x4.add(zero, top)
  const dif = f32x4.sub(zero, top)
  v128.store(parts, f32x4.add(sum, cr))
  v128.store(parts + part, f32x4.sub(dif, ci))
  v128.store(parts + 2 * part, f32x4.sub(sum, cr))
  v128.store(parts + 3 * part, f32x4.add(dif, ci))
  const highest = parts + part - 16
  const re = f32x4.mul(root, f32x4.sub(br, dr))
  const im = f32x4.mul(root, f32x4.add(bi, di))
  v128.store(highest, f32x4.mul(two, f32x4.add(br, dr)))
  v128.store(highest + part, f32x4.sub(re, im))
  v128.store(highest + 2 * part, f32x4.mul(two, f32x4.sub(di, bi)))
  v128.store(highest + 3 * part, f32x4.sub(f32x4.neg(re), im))
}

function place(spectrum: usize, frequency: i32, last: i32): usize {
  return spectrum + <usize>(frequency & last) * COMPLEX_BYTES
}

// A complex number times one that all lanes share: as it is, or (`back`) its conjugate.

function productRe(at: usize, factor: usize): v128 {
  return f32x4.sub(
    f32x4.mul(v128.load(at), v128.load32_splat(factor)),
    f32x4.mul(v128.load(at, 16), v128.load32_splat(factor, 4)),
  )
}

function productIm(at: usize, factor: usize): v128 {
  return f32x4.add(
    f32x4.mul(v128.load(at, 16), v128.load32_splat(factor)),
    f32x4.mul(v128.load(at), v128.load32_splat(factor, 4)),
  )
}

function storeTurnedBack(at: usize, re: v128, im: v128, turn: usize): void {
  const turnRe = v128.load32_splat(turn)
  const turnIm = v128.load32_splat(turn, 4)
  storeComplex(
    at,
    f32x4.add(f32x4.mul(re, turnRe), f32x4.mul(im, turnIm)),
    f32x4.sub(f32x4.mul(im, turnRe), f32x4.mul(re, turnIm)),
  )
}
