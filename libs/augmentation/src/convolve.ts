import { powerOfTwoAtLeast } from './fft.ts'
import { createRealFft } from './real-fft.ts'

/**
 * Linear convolution by FFT, overlap-add, in double precision.
 * @returns `samples.length + kernel.length - 1` values; empty where either is empty.
 */
export function convolve(samples: Float32Array, kernel: Float32Array | Float64Array): Float64Array {
  if (samples.length === 0 || kernel.length === 0) return new Float64Array(0)
  const total = samples.length + kernel.length - 1
  const size = Math.min(powerOfTwoAtLeast(total), powerOfTwoAtLeast(2 * kernel.length), 2 ** 25)
  const fft = createRealFft(Math.max(1024, size, powerOfTwoAtLeast(kernel.length + 1)))
  const block = fft.size - kernel.length + 1
  const kernelRe = new Float64Array(fft.bins)
  const kernelIm = new Float64Array(fft.bins)
  const work = new Float64Array(fft.size)
  work.set(kernel)
  fft.forward(work, kernelRe, kernelIm)

  const re = new Float64Array(fft.bins)
  const im = new Float64Array(fft.bins)
  const output = new Float64Array(total)
  for (let start = 0; start < samples.length; start += block) {
    work.fill(0)
    work.set(samples.subarray(start, start + block))
    fft.forward(work, re, im)
    multiplyBy(re, im, kernelRe, kernelIm)
    fft.inverse(re, im, work)
    const end = Math.min(fft.size, total - start)
    for (let i = 0; i < end; i++) output[start + i] += work[i]
  }
  return output
}

function multiplyBy(re: Float64Array, im: Float64Array, otherRe: Float64Array, otherIm: Float64Array): void {
  for (let k = 0; k < re.length; k++) {
    const real = re[k] * otherRe[k] - im[k] * otherIm[k]
    im[k] = re[k] * otherIm[k] + im[k] * otherRe[k]
    re[k] = real
  }
}
