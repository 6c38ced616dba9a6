// src/filter-band.ts on four blocks at once, a lane each.

import { joinNumbers, transformForth } from './transform-forth'
import { joinColumns, splitColumns } from './join-columns'
import { transformBack } from './transform-back'

const COMPLEX_BYTES: usize = 32

/**
 * Filters a signal block by block (overlap-save), after its rate was raised or before it is lowered by a power of two.
 *
 * A transform of `size` numbers is four transforms of every fourth number, joined column by column: a column is what
 * has the same frequency in all four. So does PFFFT, on the four lanes of one transform.
 *
 * @param input float32, as much of it as the blocks reach, four blocks a group
 * @param output receives `outputs` float32 a block
 * @param plan 32-bit integers: addresses of the two transforms (forth, back), of the filter's factors by columns of
 *   the transform back, of two buffers of vectors as long as the larger transform (`work`) and of one of complex
 *   vectors as long as the transform forth; inputs and outputs that a block moves on
 */
export function filterBand(input: usize, groups: i32, output: usize, plan: usize): void {
  const forth = load<u32>(plan, 0)
  const back = load<u32>(plan, 4)
  const factors = load<u32>(plan, 8)
  const work = load<u32>(plan, 12)
  const spectrum = load<u32>(plan, 16)
  const blockBytes = (<usize>load<u32>(plan, 20)) << 2
  const outputs = load<i32>(plan, 24)
  const size = load<i32>(back)
  for (let group = 0; group < groups; group++) {
    spectrumOf(input, blockBytes, forth, work, spectrum)
    if (size > load<i32>(forth)) mirror(spectrum, load<i32>(forth))
    splitColumns(spectrum, load<i32>(forth), factors, size, load<u32>(back, 12), work)
    takeBack(work, back, output, outputs)
    input += 4 * blockBytes
    output += (<usize>outputs) << 4
  }
}

/**
 * The spectra of four blocks, `blockBytes` apart: all `size` frequencies in their order.
 *
 * @param transform 32-bit integers: size (a power of two, at least 32), addresses of the turns of a quarter, of their
 *   end, and of the turns of the columns
 */
export function spectrumOf(input: usize, blockBytes: usize, transform: usize, work: usize, spectrum: usize): void {
  const size = load<i32>(transform)
  const quarter = size >> 2
  const part = (<usize>quarter) << 4
  const turns = load<u32>(transform, 4)
  const other = work + 4 * part
  takeFours(input, blockBytes, quarter, work)
  takeFours(input + 8, blockBytes, quarter, work + 2 * part)
  let at = transformForth(work, other, quarter, turns)
  for (let number: usize = 1; number < 4; number++) {
    transformForth(work + number * part, other + number * part, quarter, turns)
  }
  joinColumns(at, size, load<u32>(transform, 12), spectrum)
}

/** Every fourth number of four blocks, from the first and from the second on: first pass of their transforms. */
function takeFours(input: usize, blockBytes: usize, quarter: i32, target: usize): void {
  const part = (<usize>quarter) << 4
  const step = (<usize>quarter) << 2
  for (const end = target + part; target < end; input += 16, target += 64) {
    const a01 = twoBlocks(input, blockBytes)
    const a23 = twoBlocks(input + 2 * blockBytes, blockBytes)
    const b01 = twoBlocks(input + step, blockBytes)
    const b23 = twoBlocks(input + step + 2 * blockBytes, blockBytes)
    const c01 = twoBlocks(input + 2 * step, blockBytes)
    const c23 = twoBlocks(input + 2 * step + 2 * blockBytes, blockBytes)
    const d01 = twoBlocks(input + 3 * step, blockBytes)
    const d23 = twoBlocks(input + 3 * step + 2 * blockBytes, blockBytes)
    joinNumbers(evens(a01, a23), evens(b01, b23), evens(c01, c23), evens(d01, d23), target)
    joinNumbers(odds(a01, a23), odds(b01, b23), odds(c01, c23), odds(d01, d23), target + part)
  }
}

function twoBlocks(input: usize, blockBytes: usize): v128 {
  return v128.load64_lane(input + blockBytes, v128.load64_zero(input), 1)
}

function evens(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 2, 4, 6)
}

function odds(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 1, 3, 5, 7)
}

/** Four blocks' numbers from the transforms of every fourth; each block's first `outputs` to its place. */
function takeBack(work: usize, back: usize, output: usize, outputs: i32): void {
  const quarter = load<i32>(back) >> 2
  const part = (<usize>quarter) << 4
  const turnsEnd = load<u32>(back, 8)
  const other = work + 4 * part
  const at = transformBack(work, other, quarter, turnsEnd)
  for (let number: usize = 1; number < 4; number++) {
    transformBack(work + number * part, other + number * part, quarter, turnsEnd)
  }
  // The last pass gives the numbers n, n + quarter / 4 ...: four places in a block.
  const step = (<usize>quarter) << 2
  const blockBytes = (<usize>outputs) << 2
  for (let first: usize = 0; first < step; first += 16) {
    const source = at + 4 * first
    splitEven(source, part, output, first, step, blockBytes)
    splitOdd(source, part, output, first + step, step, blockBytes)
  }
}

/** What the last pass gives first and third of each four numbers. */
function splitEven(source: usize, part: usize, output: usize, first: usize, step: usize, blockBytes: usize): void {
  const two = f32x4.splat(2)
  const a = f32x4.add(v128.load(source), v128.load(source, 48))
  const b = f32x4.add(v128.load(source + part), v128.load(source + part, 48))
  const c = f32x4.add(v128.load(source + 2 * part), v128.load(source + 2 * part, 48))
  const d = f32x4.add(v128.load(source + 3 * part), v128.load(source + 3 * part, 48))
  const e = f32x4.mul(two, v128.load(source, 16))
  const f = f32x4.mul(two, v128.load(source + part, 16))
  const g = f32x4.mul(two, v128.load(source + 2 * part, 16))
  const h = f32x4.mul(two, v128.load(source + 3 * part, 16))
  scatter(f32x4.add(a, e), f32x4.add(b, f), f32x4.add(c, g), f32x4.add(d, h), output, first, blockBytes)
  scatter(f32x4.sub(a, e), f32x4.sub(b, f), f32x4.sub(c, g), f32x4.sub(d, h), output, first + 2 * step, blockBytes)
}

/** What it gives second and fourth. */
function splitOdd(source: usize, part: usize, output: usize, first: usize, step: usize, blockBytes: usize): void {
  const two = f32x4.splat(2)
  const a = f32x4.sub(v128.load(source), v128.load(source, 48))
  const b = f32x4.sub(v128.load(source + part), v128.load(source + part, 48))
  const c = f32x4.sub(v128.load(source + 2 * part), v128.load(source + 2 * part, 48))
  const d = f32x4.sub(v128.load(source + 3 * part), v128.load(source + 3 * part, 48))
  const e = f32x4.mul(two, v128.load(source, 32))
  const f = f32x4.mul(two, v128.load(source + part, 32))
  const g = f32x4.mul(two, v128.load(source + 2 * part, 32))
  const h = f32x4.mul(two, v128.load(source + 3 * part, 32))
  scatter(f32x4.sub(a, e), f32x4.sub(b, f), f32x4.sub(c, g), f32x4.sub(d, h), output, first, blockBytes)
  scatter(f32x4.add(a, e), f32x4.add(b, f), f32x4.add(c, g), f32x4.add(d, h), output, first + 2 * step, blockBytes)
}

/** Four numbers of four blocks to their places, those that a block still gives. */
function scatter(a: v128, b: v128, c: v128, d: v128, output: usize, place: usize, blockBytes: usize): void {
  if (place >= blockBytes) return
  const lowAb = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const lowCd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const highAb = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const highCd = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  const rest = blockBytes - place
  output += place
  put(output, v128.shuffle<f64>(lowAb, lowCd, 0, 2), rest)
  put(output + blockBytes, v128.shuffle<f64>(lowAb, lowCd, 1, 3), rest)
  put(output + 2 * blockBytes, v128.shuffle<f64>(highAb, highCd, 0, 2), rest)
  put(output + 3 * blockBytes, v128.shuffle<f64>(highAb, highCd, 1, 3), rest)
}

function put(target: usize, numbers: v128, rest: usize): void {
  if (rest >= 16) {
    v128.store(target, numbers)
    return
  }
  v128.store32_lane(target, numbers, 0)
  if (rest > 4) v128.store32_lane(target, numbers, 1, 4)
  if (rest > 8) v128.store32_lane(target, numbers, 2, 8)
}

/** The upper half of a spectrum of `size` real numbers. */
function mirror(spectrum: usize, size: i32): void {
  const half = spectrum + <usize>(size >> 1) * COMPLEX_BYTES
  let up = half + COMPLEX_BYTES
  for (let down = half - COMPLEX_BYTES; down > spectrum; down -= COMPLEX_BYTES, up += COMPLEX_BYTES) {
    v128.store(up, v128.load(down))
    v128.store(up, f32x4.neg(v128.load(down, 16)), 16)
  }
}
