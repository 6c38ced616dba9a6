import { requireInteger } from './errors.ts'
import { createTwiddles, type Twiddles } from './twiddles.ts'

/** Complex transform of a fixed power-of-two size, in place, on two arrays of that size. */
export type Fft = {
  readonly size: number
  /** X[k] = sum over n of x[n] exp(-2 pi i k n / size). */
  readonly forward: (re: Float64Array, im: Float64Array) => void
  /** The inverse of `forward`, 1/size included. */
  readonly inverse: (re: Float64Array, im: Float64Array) => void
}

/** The smallest power of two that is not below `least` (nor below 2). */
export function powerOfTwoAtLeast(least: number): number {
  let size = 2
  while (size < least) size *= 2
  return size
}

function bitReversal(size: number): Uint32Array {
  const reversed = new Uint32Array(size)
  const half = size >>> 1
  for (let i = 1; i < size; i++) reversed[i] = (reversed[i >>> 1] >>> 1) | (i & 1 ? half : 0)
  return reversed
}

function swapInto(order: Uint32Array, values: Float64Array): void {
  for (let i = 0; i < order.length; i++) {
    const j = order[i]
    if (j <= i) continue
    const kept = values[i]
    values[i] = values[j]
    values[j] = kept
  }
}

function passOfPairs(re: Float64Array, im: Float64Array): void {
  for (let i = 0; i < re.length; i += 2) {
    const r = re[i + 1]
    const m = im[i + 1]
    re[i + 1] = re[i] - r
    im[i + 1] = im[i] - m
    re[i] += r
    im[i] += m
  }
}

/** The first two radix-2 stages at once, whose twiddles are 1. */
function passOfFours(re: Float64Array, im: Float64Array): void {
  for (let a = 0; a < re.length; a += 4) {
    const sumRe = re[a] + re[a + 1]
    const sumIm = im[a] + im[a + 1]
    const differenceRe = re[a] - re[a + 1]
    const differenceIm = im[a] - im[a + 1]
    const upperRe = re[a + 2] + re[a + 3]
    const upperIm = im[a + 2] + im[a + 3]
    const lowerRe = re[a + 2] - re[a + 3]
    const lowerIm = im[a + 2] - im[a + 3]
    re[a] = sumRe + upperRe
    im[a] = sumIm + upperIm
    re[a + 1] = differenceRe + lowerIm
    im[a + 1] = differenceIm - lowerRe
    re[a + 2] = sumRe - upperRe
    im[a + 2] = sumIm - upperIm
    re[a + 3] = differenceRe - lowerIm
    im[a + 3] = differenceIm + lowerRe
  }
}

/** The twiddles of a pass, side by side: cos and sin of the angle of each butterfly, of twice and of three times that. */
function twiddlesOfPass(size: number, quarter: number, { cos, sin }: Twiddles): Float64Array {
  const values = new Float64Array(6 * quarter)
  const stride = size / (4 * quarter)
  for (let k = 0; k < quarter; k++) {
    for (let times = 1; times <= 3; times++) {
      values[6 * k + 2 * times - 2] = cos[times * k * stride]
      values[6 * k + 2 * times - 1] = sin[times * k * stride]
    }
  }
  return values
}

/** Two radix-2 stages at once: blocks of 4 * quarter, three twiddles a butterfly. */
function passOfQuarters(re: Float64Array, im: Float64Array, quarter: number, twiddles: Float64Array): void {
  for (let block = 0; block < re.length; block += 4 * quarter) {
    for (let k = 0; k < quarter; k++) {
      const a = block + k
      const b = a + quarter
      const c = b + quarter
      const d = c + quarter
      const w = 6 * k
      const bRe = re[b] * twiddles[w + 2] + im[b] * twiddles[w + 3]
      const bIm = im[b] * twiddles[w + 2] - re[b] * twiddles[w + 3]
      const cRe = re[c] * twiddles[w] + im[c] * twiddles[w + 1]
      const cIm = im[c] * twiddles[w] - re[c] * twiddles[w + 1]
      const dRe = re[d] * twiddles[w + 4] + im[d] * twiddles[w + 5]
      const dIm = im[d] * twiddles[w + 4] - re[d] * twiddles[w + 5]
      const sumRe = re[a] + bRe
      const sumIm = im[a] + bIm
      const differenceRe = re[a] - bRe
      const differenceIm = im[a] - bIm
      const upperRe = cRe + dRe
      const upperIm = cIm + dIm
      const lowerRe = cRe - dRe
      const lowerIm = cIm - dIm
      re[a] = sumRe + upperRe
      im[a] = sumIm + upperIm
      re[b] = differenceRe + lowerIm
      im[b] = differenceIm - lowerRe
      re[c] = sumRe - upperRe
      im[c] = sumIm - upperIm
      re[d] = differenceRe - lowerIm
      im[d] = differenceIm + lowerRe
    }
  }
}

/** Prepares transforms of `size` points, a power of two from 2 on (Cooley, Tukey 1965; stages taken in pairs). */
export function createFft(size: number): Fft {
  requireInteger('size', size, 2, 2 ** 26)
  requireInteger('log2(size)', Math.log2(size), 1, 26)
  const order = bitReversal(size)
  const isOdd = Math.log2(size) % 2 === 1
  const twiddles = createTwiddles(size, Math.ceil((3 * size) / 4))
  const passes: { readonly quarter: number; readonly twiddles: Float64Array }[] = []
  for (let quarter = isOdd ? 2 : 4; quarter * 4 <= size; quarter *= 4)
    passes.push({ quarter, twiddles: twiddlesOfPass(size, quarter, twiddles) })
  const forward = (re: Float64Array, im: Float64Array) => {
    swapInto(order, re)
    swapInto(order, im)
    if (isOdd) passOfPairs(re, im)
    else passOfFours(re, im)
    for (const pass of passes) passOfQuarters(re, im, pass.quarter, pass.twiddles)
  }
  const inverse = (re: Float64Array, im: Float64Array) => {
    forward(im, re)
    for (let i = 0; i < size; i++) {
      re[i] /= size
      im[i] /= size
    }
  }
  return { size, forward, inverse }
}
