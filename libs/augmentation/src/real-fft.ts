import { createFft } from './fft.ts'
import { createTwiddles } from './twiddles.ts'

/** Transform of `size` real numbers to `size / 2 + 1` complex bins and back, with its own work space. */
export type RealFft = {
  readonly size: number
  readonly bins: number
  /** Real input of `size` values into the bins 0 to size / 2. */
  readonly forward: (input: Float64Array, re: Float64Array, im: Float64Array) => void
  /** The inverse of `forward`, 1/size included; imaginary parts of the first and last bin are ignored. */
  readonly inverse: (re: Float64Array, im: Float64Array, output: Float64Array) => void
}

/** Prepares real transforms of `size`, a power of two from 4 on, through a complex one of half the size. */
export function createRealFft(size: number): RealFft {
  const half = size / 2
  const fft = createFft(half)
  const workRe = new Float64Array(half)
  const workIm = new Float64Array(half)
  const { cos, sin } = createTwiddles(size, half)

  const forward = (input: Float64Array, re: Float64Array, im: Float64Array) => {
    for (let i = 0; i < half; i++) {
      workRe[i] = input[2 * i]
      workIm[i] = input[2 * i + 1]
    }
    fft.forward(workRe, workIm)
    re[0] = workRe[0] + workIm[0]
    im[0] = 0
    re[half] = workRe[0] - workIm[0]
    im[half] = 0
    for (let k = 1; k < half; k++) {
      const j = half - k
      const evenRe = (workRe[k] + workRe[j]) / 2
      const evenIm = (workIm[k] - workIm[j]) / 2
      const oddRe = (workIm[k] + workIm[j]) / 2
      const oddIm = (workRe[j] - workRe[k]) / 2
      re[k] = evenRe + oddRe * cos[k] + oddIm * sin[k]
      im[k] = evenIm + oddIm * cos[k] - oddRe * sin[k]
    }
  }

  const inverse = (re: Float64Array, im: Float64Array, output: Float64Array) => {
    workRe[0] = (re[0] + re[half]) / 2
    workIm[0] = (re[0] - re[half]) / 2
    for (let k = 1; k < half; k++) {
      const j = half - k
      const evenRe = (re[k] + re[j]) / 2
      const evenIm = (im[k] - im[j]) / 2
      const differenceRe = (re[k] - re[j]) / 2
      const differenceIm = (im[k] + im[j]) / 2
      const oddRe = differenceRe * cos[k] - differenceIm * sin[k]
      const oddIm = differenceIm * cos[k] + differenceRe * sin[k]
      workRe[k] = evenRe - oddIm
      workIm[k] = evenIm + oddRe
    }
    fft.inverse(workRe, workIm)
    for (let i = 0; i < half; i++) {
      output[2 * i] = workRe[i]
      output[2 * i + 1] = workIm[i]
    }
  }
  return { size, bins: half + 1, forward, inverse }
}
