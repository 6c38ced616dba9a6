// src/filter-band.ts on four blocks at once: two lanes, and in each a block as real and a block as imaginary part.

import { complexFft } from '../../kernels/assembly/complex-fft'

/**
 * Filters a signal block by block (overlap-save) with a change of rate by up/down.
 *
 * @param input float64, with `before` zeros in front and enough behind for whole groups of four blocks
 * @param groups how many groups of four blocks
 * @param output float64, with room for what all groups give
 * @param plan eight 32-bit integers: size of the transform, samples a block, `before`, up, down, and the addresses of
 *   the twiddles, of the spectra of the up filters (complex, `size` each) and of three buffers of `size` pairs of vectors
 */
export function filterBand(input: usize, groups: i32, output: usize, plan: usize): void {
  const size = load<i32>(plan, 0)
  const block = load<i32>(plan, 4)
  const up = load<i32>(plan, 12)
  const twiddles = load<u32>(plan, 20)
  const spectra = load<u32>(plan, 24)
  const buffers = load<u32>(plan, 28)
  const bufferBytes = (<usize>size) << 5
  const blockBytes = (<usize>block) << 3
  for (let group = 0; group < groups; group++) {
    const first = group * 4 * block
    gather(input + ((<usize>first) << 3), blockBytes, size, buffers)
    const signal = complexFft(buffers, buffers + bufferBytes, size, twiddles)
    const free = signal == buffers ? buffers + bufferBytes : buffers
    const product = buffers + 2 * bufferBytes
    for (let phase = 0; phase < up; phase++) {
      multiply(signal, spectra + ((<usize>(phase * size)) << 4), size, product)
      const result = complexFft(product, free, size, twiddles)
      scatterBlocks(result, first, phase, output, plan)
    }
  }
}

function gather(input: usize, blockBytes: usize, size: i32, target: usize): void {
  for (const end = input + ((<usize>size) << 3); input < end; input += 8, target += 32) {
    v128.store(target, v128.load64_lane(input + 2 * blockBytes, v128.load64_zero(input), 1))
    v128.store(target, v128.load64_lane(input + 3 * blockBytes, v128.load64_zero(input + blockBytes), 1), 16)
  }
}

/** Multiplies by a spectrum. Real and imaginary parts change places, which makes the next transform an inverse one. */
function multiply(signal: usize, spectrum: usize, size: i32, product: usize): void {
  for (const end = signal + ((<usize>size) << 5); signal < end; signal += 32, spectrum += 16, product += 32) {
    const re = v128.load(signal)
    const im = v128.load(signal, 16)
    const filterRe = v128.load64_splat(spectrum, 0)
    const filterIm = v128.load64_splat(spectrum, 8)
    v128.store(product, f64x2.add(f64x2.mul(re, filterIm), f64x2.mul(im, filterRe)))
    v128.store(product, f64x2.sub(f64x2.mul(re, filterRe), f64x2.mul(im, filterIm)), 16)
  }
}

/** The four blocks of one phase to their places; parts are still exchanged. */
function scatterBlocks(result: usize, first: i32, phase: i32, output: usize, plan: usize): void {
  const block = load<i32>(plan, 4)
  const up = load<i32>(plan, 12)
  result += (<usize>load<i32>(plan, 8)) << 5
  scatter(result + 16, first * up + phase, output, plan)
  scatter(result, (first + block) * up + phase, output, plan)
  scatter(result + 24, (first + 2 * block) * up + phase, output, plan)
  scatter(result + 8, (first + 3 * block) * up + phase, output, plan)
}

/** Every down-th sample of the raised rate, beginning with the first that the lowered rate has a place for. */
function scatter(values: usize, at: i32, output: usize, plan: usize): void {
  const block = load<i32>(plan, 4)
  const up = load<i32>(plan, 12)
  const down = load<i32>(plan, 16)
  let n = 0
  while (at % down != 0) {
    at += up
    n++
  }
  let target = output + ((<usize>(at / down)) << 3)
  let source = values + ((<usize>n) << 5)
  for (; n < block; n += down, source += (<usize>down) << 5, target += (<usize>up) << 3) {
    store<f64>(target, load<f64>(source))
  }
}
