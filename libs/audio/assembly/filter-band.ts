// src/filter-band.ts on four blocks at once: two lanes, and in each a block as real and a block as imaginary part.

import { COMPLEX_BYTES, convolve } from './convolve-blocks'

/**
 * Filters a signal block by block (overlap-save) with a change of rate by up/down.
 *
 * @param input float32, with `before` zeros in front and enough behind for whole groups of four blocks
 * @param groups how many groups of four blocks
 * @param output float32, with room for what all groups give
 * @param plan eight 32-bit integers: size of the transform, samples a block, `before`, up, down, and the addresses of
 *   the twiddles, of the spectra of the up filters (complex, `size` each) and of `up` buffers of `size` pairs of vectors
 */
export function filterBand(input: usize, groups: i32, output: usize, plan: usize): void {
  const size = load<i32>(plan, 0)
  const block = load<i32>(plan, 4)
  const up = load<i32>(plan, 12)
  const twiddles = load<u32>(plan, 20)
  const spectra = load<u32>(plan, 24)
  const buffers = load<u32>(plan, 28)
  const blockBytes = (<usize>block) << 2
  for (let group = 0; group < groups; group++) {
    const first = group * 4 * block
    gather(input + ((<usize>first) << 2), blockBytes, size, buffers)
    convolve(buffers, spectra, size, twiddles, size, up)
    if (up == 2 && load<i32>(plan, 16) == 1) {
      interleaveBlocks(buffers, buffers + <usize>size * COMPLEX_BYTES, output + ((<usize>first) << 3), plan)
      continue
    }
    for (let phase = 0; phase < up; phase++) {
      scatterBlocks(buffers + <usize>(phase * size) * COMPLEX_BYTES, first, phase, output, plan)
    }
  }
}

function gather(input: usize, blockBytes: usize, size: i32, target: usize): void {
  for (const end = input + ((<usize>size) << 2); input < end; input += 4, target += 32) {
    const real = v128.load32_lane(input + 2 * blockBytes, v128.load32_zero(input), 1)
    const imaginary = v128.load32_lane(input + 3 * blockBytes, v128.load32_zero(input + blockBytes), 1)
    v128.store(target, f64x2.promote_low_f32x4(real))
    v128.store(target, f64x2.promote_low_f32x4(imaginary), 16)
  }
}

/** The four blocks of two phases to their places, a sample of either at once; parts are still exchanged. */
function interleaveBlocks(even: usize, odd: usize, output: usize, plan: usize): void {
  const before = <usize>load<i32>(plan, 8) * COMPLEX_BYTES
  const blockBytes = (<usize>load<i32>(plan, 4)) << 3
  even += before
  odd += before
  for (const end = output + blockBytes; output < end; output += 8, even += COMPLEX_BYTES, odd += COMPLEX_BYTES) {
    const evenIm = v128.load(even)
    const oddIm = v128.load(odd)
    const evenRe = v128.load(even, 16)
    const oddRe = v128.load(odd, 16)
    storePair(output, i64x2.shuffle(evenRe, oddRe, 0, 2))
    storePair(output + blockBytes, i64x2.shuffle(evenIm, oddIm, 0, 2))
    storePair(output + 2 * blockBytes, i64x2.shuffle(evenRe, oddRe, 1, 3))
    storePair(output + 3 * blockBytes, i64x2.shuffle(evenIm, oddIm, 1, 3))
  }
}

function storePair(output: usize, pair: v128): void {
  v128.store64_lane(output, f32x4.demote_f64x2_zero(pair), 0)
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
  let target = output + ((<usize>(at / down)) << 2)
  let source = values + ((<usize>n) << 5)
  for (; n < block; n += down, source += (<usize>down) << 5, target += (<usize>up) << 2) {
    store<f32>(target, <f32>load<f64>(source))
  }
}
