import { requireInteger } from './errors.ts'
import { createTwiddles } from './twiddles.ts'

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

/** Two radix-2 stages at once: blocks of 4 * quarter, three twiddles a butterfly. */
function passOfQuarters(re: Float64Array, im: Float64Array, quarter: number, cos: Float64Array, sin: Float64Array) {
  const size = re.length
  const stride = size / (4 * quarter)
  for (let block = 0; block < size; block += 4 * quarter) {
    for (let k = 0; k < quarter; k++) {
      const a = block + k
      const b = a + quarter
      const c = b + quarter
      const d = c + quarter
      const w = k * stride
      const bRe = re[b] * cos[2 * w] + im[b] * sin[2 * w]
      const bIm = im[b] * cos[2 * w] - re[b] * sin[2 * w]
      const cRe = re[c] * cos[w] + im[c] * sin[w]
      const cIm = im[c] * cos[w] - re[c] * sin[w]
      const dRe = re[d] * cos[3 * w] + im[d] * sin[3 * w]
      const dIm = im[d] * cos[3 * w] - re[d] * sin[3 * w]
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
  const { cos, sin } = createTwiddles(size, Math.ceil((3 * size) / 4))
  const forward = (re: Float64Array, im: Float64Array) => {
    swapInto(order, re)
    swapInto(order, im)
    let quarter = 1
    if (Math.log2(size) % 2 === 1) {
      passOfPairs(re, im)
      quarter = 2
    }
    for (; quarter * 4 <= size; quarter *= 4) passOfQuarters(re, im, quarter, cos, sin)
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
