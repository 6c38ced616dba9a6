import { createFft } from './fft.ts'
import { kaiserSinc } from './kaiser-sinc.ts'
import type { FilterStage } from './plan-resampling.ts'
import type { RunStage } from './resample.ts'

type Spectrum = { readonly re: Float64Array; readonly im: Float64Array }

/**
 * A long linear-phase filter with a change of rate by up/down, by fast convolution (overlap-save).
 *
 * Raising the rate by inserting zeros and then filtering is the same as filtering with `up` shorter filters, each of
 * every up-th tap, whose outputs interleave. Two blocks of real input are transformed as one complex block: the
 * filters are real, so the blocks stay apart in the real and the imaginary part.
 */
export function filterBand({ up, down, taps, shape }: FilterStage): RunStage {
  const centre = (taps - 1) / 2
  const before = Math.floor(centre / up)
  const after = Math.floor((centre + up - 1) / up)
  const fft = createFft(2 ** Math.ceil(Math.log2((before + after + 1) * 3)))
  const block = fft.size - before - after
  const filters = phaseSpectra({ up, centre, size: fft.size, response: kaiserSinc(shape) })
  const signal = { re: new Float64Array(fft.size), im: new Float64Array(fft.size) }
  const product = { re: new Float64Array(fft.size), im: new Float64Array(fft.size) }

  function run(input: Float64Array, outputs: number): Float64Array {
    const output = new Float64Array(outputs)
    const inputs = Math.ceil((outputs * down) / up)
    for (let start = 0; start < inputs; start += 2 * block) {
      copyBlock(input, start - before, signal.re)
      copyBlock(input, start + block - before, signal.im)
      fft.forward(signal.re, signal.im)
      for (let phase = 0; phase < up; phase++) {
        multiply(signal, filters[phase], product)
        // Real and imaginary part exchanged: the inverse transform, up to the scale that the filters carry.
        fft.forward(product.im, product.re)
        scatter(product.re.subarray(before, before + block), output, { first: start * up + phase, up, down })
        scatter(product.im.subarray(before, before + block), output, { first: (start + block) * up + phase, up, down })
      }
    }
    return output
  }

  return { inputsFor: (outputs) => Math.ceil((outputs * down) / up) + after + 1, run }
}

type PhaseOptions = { up: number; centre: number; size: number; response: (t: number) => number }

/** The spectrum of each phase's filter, times `up` (zeros were inserted) and 1 / size (for the inverse transform). */
function phaseSpectra({ up, centre, size, response }: PhaseOptions): Spectrum[] {
  const fft = createFft(size)
  return Array.from({ length: up }, (_, phase) => {
    const re = new Float64Array(size)
    const im = new Float64Array(size)
    const first = -Math.floor((centre + phase) / up)
    const last = Math.floor((centre - phase) / up)
    for (let d = first; d <= last; d++) re[(d + size) % size] = (response(d * up + phase) * up) / size
    fft.forward(re, im)
    return { re, im }
  })
}

/** Copies what lies at `start` on, zeros outside of the input. */
function copyBlock(input: Float64Array, start: number, target: Float64Array): void {
  const from = Math.max(start, 0)
  const to = Math.min(start + target.length, input.length)
  target.fill(0)
  if (to > from) target.set(input.subarray(from, to), from - start)
}

function multiply(a: Spectrum, b: Spectrum, product: Spectrum): void {
  for (let k = 0; k < a.re.length; k++) {
    product.re[k] = a.re[k] * b.re[k] - a.im[k] * b.im[k]
    product.im[k] = a.re[k] * b.im[k] + a.im[k] * b.re[k]
  }
}

type Scatter = { readonly first: number; readonly up: number; readonly down: number }

/** Puts a phase's samples in their places at the raised rate, and leaves out what the lowered rate has no place for. */
function scatter(values: Float64Array, output: Float64Array, { first, up, down }: Scatter): void {
  for (let i = 0, at = first; i < values.length; i++, at += up) {
    if (at % down === 0 && at / down < output.length) output[at / down] = values[i]
  }
}
