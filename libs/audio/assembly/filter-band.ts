// src/filter-band.ts on eight blocks at once: four lanes, and in each a block as real and the next as imaginary part.

import { COMPLEX_BYTES } from '../../kernels/assembly/transform-forth'
import { convolve } from './convolve-blocks'

/**
 * Filters a signal block by block (overlap-save) with a change of rate by up/down.
 *
 * @param input float32, with `before` zeros in front and enough behind for whole groups of eight blocks
 * @param groups how many groups of eight blocks
 * @param output float32, with room for what all groups give
 * @param plan eight 32-bit integers: size of the transform, samples a block (a multiple of 4 `down`), `before`, up,
 *   down, and the addresses of the twiddles, of the spectra of the up filters (complex, `size` each) and of `up`
 *   buffers of `size` pairs of vectors
 */
export function filterBand(input: usize, groups: i32, output: usize, plan: usize): void {
  const size = load<i32>(plan, 0)
  const block = load<i32>(plan, 4)
  const before = <usize>load<i32>(plan, 8) * COMPLEX_BYTES
  const up = load<i32>(plan, 12)
  const down = load<i32>(plan, 16)
  const buffers: usize = load<u32>(plan, 28)
  const bufferBytes = <usize>size * COMPLEX_BYTES
  const blockBytes = (<usize>block) << 2
  const resultBytes = (<usize>((block * up) / down)) << 2
  for (let group = 0; group < groups; group++) {
    gather(input, blockBytes, size, buffers)
    convolve(buffers, load<u32>(plan, 24), size, load<u32>(plan, 20), size, up)
    const result = buffers + before
    if (up == 1) scatterOne(result, block, down, output, resultBytes)
    else if (up == 2 && down == 1) scatterTwo(result, result + bufferBytes, block, output, resultBytes)
    else for (let phase = 0; phase < up; phase++) scatterAny(result + <usize>phase * bufferBytes, phase, output, plan)
    for (let i: usize = 0; i < 8; i++) {
      if (isSilent(input + i * blockBytes, size)) memory.fill(output + i * resultBytes, 0, resultBytes)
    }
    input += 8 * blockBytes
    output += 8 * resultBytes
  }
}

/** Blocks 0, 2, 4, 6 as real, 1, 3, 5, 7 as imaginary parts; four samples a turn. */
function gather(input: usize, blockBytes: usize, size: i32, target: usize): void {
  for (const end = input + ((<usize>size) << 2); input < end; input += 16, target += 4 * COMPLEX_BYTES) {
    transpose(input, 2 * blockBytes, target)
    transpose(input + blockBytes, 2 * blockBytes, target + 16)
  }
}

/** Four numbers of each of four blocks to four vectors, every other one from `target` on. */
function transpose(input: usize, distance: usize, target: usize): void {
  const a = v128.load(input)
  const b = v128.load(input + distance)
  const c = v128.load(input + 2 * distance)
  const d = v128.load(input + 3 * distance)
  const lowAb = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const lowCd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const highAb = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const highCd = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  v128.store(target, v128.shuffle<f64>(lowAb, lowCd, 0, 2))
  v128.store(target, v128.shuffle<f64>(lowAb, lowCd, 1, 3), 32)
  v128.store(target, v128.shuffle<f64>(highAb, highCd, 0, 2), 64)
  v128.store(target, v128.shuffle<f64>(highAb, highCd, 1, 3), 96)
}

/** Four vectors, a number of each of four blocks, to four numbers in a row of each block. */
function storeRows(a: v128, b: v128, c: v128, d: v128, output: usize, distance: usize): void {
  const lowAb = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const lowCd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const highAb = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const highCd = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  v128.store(output, v128.shuffle<f64>(lowAb, lowCd, 0, 2))
  v128.store(output + distance, v128.shuffle<f64>(lowAb, lowCd, 1, 3))
  v128.store(output + 2 * distance, v128.shuffle<f64>(highAb, highCd, 0, 2))
  v128.store(output + 3 * distance, v128.shuffle<f64>(highAb, highCd, 1, 3))
}

// Real and imaginary parts are still exchanged: blocks 0, 2, 4, 6 lie 16 bytes behind 1, 3, 5, 7.

/** Every `down`-th sample of each block. */
function scatterOne(result: usize, block: i32, down: i32, output: usize, resultBytes: usize): void {
  const step = <usize>down * COMPLEX_BYTES
  for (const end = result + <usize>block * COMPLEX_BYTES; result < end; result += 4 * step, output += 16) {
    for (let part: usize = 0; part < 2; part++) {
      const from = result + 16 - 16 * part
      storeRows(
        v128.load(from),
        v128.load(from + step),
        v128.load(from + 2 * step),
        v128.load(from + 3 * step),
        output + part * resultBytes,
        2 * resultBytes,
      )
    }
  }
}

/** Samples of two phases in turn. */
function scatterTwo(even: usize, odd: usize, block: i32, output: usize, resultBytes: usize): void {
  for (const end = even + <usize>block * COMPLEX_BYTES; even < end; even += 64, odd += 64, output += 16) {
    for (let part: usize = 0; part < 2; part++) {
      const offset = 16 - 16 * part
      storeRows(
        v128.load(even + offset),
        v128.load(odd + offset),
        v128.load(even + offset, 32),
        v128.load(odd + offset, 32),
        output + part * resultBytes,
        2 * resultBytes,
      )
    }
  }
}

/** One phase of every block, one sample after the other: every down-th sample of the raised rate has a place. */
function scatterAny(result: usize, phase: i32, output: usize, plan: usize): void {
  const block = load<i32>(plan, 4)
  const up = load<i32>(plan, 12)
  const down = load<i32>(plan, 16)
  const resultBytes = (<usize>((block * up) / down)) << 2
  let first = 0
  while ((first * up + phase) % down != 0) first++
  for (let i: usize = 0; i < 8; i++, output += resultBytes) {
    const lane = result + (i & 1 ? 0 : 16) + ((i >> 1) << 2)
    let target = output + ((<usize>((first * up + phase) / down)) << 2)
    for (let n = first; n < block; n += down, target += (<usize>up) << 2) {
      store<f32>(target, load<f32>(lane + <usize>n * COMPLEX_BYTES))
    }
  }
}

/**
 * Whether everything that a block is made of is zero. Such a block stays zero: the block that shares its numbers as
 * the other part would leave its rounding there, and noise however quiet crosses zero at every other sample.
 */
function isSilent(input: usize, size: i32): bool {
  for (const end = input + ((<usize>size) << 2); input < end; input += 16) {
    if (v128.any_true(v128.load(input))) return false
  }
  return true
}
