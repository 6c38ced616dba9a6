import { complexFft, type SplitComplex } from '@ser/kernels'
import { designFilter } from './design-filter.ts'
import type { FilterStage } from './plan-resampling.ts'
import type { RunStage, Samples } from './run-stage.ts'

/**
 * A long linear-phase filter with a change of rate by up/down, by fast convolution (overlap-save).
 *
 * Raising the rate by inserting zeros and then filtering is the same as filtering with `up` shorter filters, each of
 * every up-th tap, whose outputs interleave. Two blocks of real input are transformed as one complex block: the
 * filters are real, so the blocks stay apart in the real and the imaginary part.
 */
export function filterBand(stage: FilterStage): RunStage {
  const { up, down } = stage
  const { size, block, before, after, spectra } = designFilter(stage)
  const transform = complexFft(size)
  const signal = { re: new Float64Array(size), im: new Float64Array(size) }
  const product = { re: new Float64Array(size), im: new Float64Array(size) }

  function run(input: Samples, outputs: number, first = 0): Float64Array {
    const output = new Float64Array(outputs)
    const inputs = Math.ceil((outputs * down) / up)
    for (let start = 0; start < inputs; start += 2 * block) {
      copyBlock(input, first + start - before, signal.re)
      copyBlock(input, first + start + block - before, signal.im)
      const spectrum = copyOf(transform(signal))
      for (let phase = 0; phase < up; phase++) {
        multiply(spectrum, spectra[phase], product)
        // Real and imaginary part exchanged: the inverse transform, up to the scale that the spectra carry.
        const { re: odd, im: even } = transform({ re: product.im, im: product.re })
        scatter(even.subarray(before, before + block), output, { first: start * up + phase, up, down })
        scatter(odd.subarray(before, before + block), output, { first: (start + block) * up + phase, up, down })
      }
    }
    return output
  }

  return {
    inputsFor: (outputs) => Math.ceil((outputs * down) / up) + after + 1,
    history: before,
    period: { inputs: 2 * block * down, outputs: 2 * block * up },
    run,
  }
}

/** A transform's result is valid until the next one. */
function copyOf({ re, im }: SplitComplex): SplitComplex {
  return { re: re.slice(), im: im.slice() }
}

/** Copies what lies at `start` on, zeros outside of the input. */
function copyBlock(input: Samples, start: number, target: Float64Array): void {
  const from = Math.max(start, 0)
  const to = Math.min(start + target.length, input.length)
  target.fill(0)
  if (to > from) target.set(input.subarray(from, to), from - start)
}

function multiply(a: SplitComplex, b: SplitComplex, product: SplitComplex): void {
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
