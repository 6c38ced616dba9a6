// src/interpolate-samples.ts, four taps a step, every sum in libsoxr's order. `taps` is 12 or 16; no interpolator of HQ
// has fewer or more.

/** Periods that are computed together. Their inputs are as many streams through the cache. */
const PERIODS = 16

/**
 * Every output's fraction of a sample has its own row of coefficients. After `rows` outputs and a whole number of inputs
 * the fractions come again. The table is hundreds of kilobytes where rows are many: it is gone through once for sixteen
 * such periods, four rows at a time.
 *
 * @param input float32; as much of it as `count` outputs and three more reach
 * @param output receives `count` float32, and up to three more
 * @param times int32: time of the first output, time between outputs, and what a sample has of their unit; number of rows
 *   and of inputs in a period
 * @param table the rows in the order in which the outputs take them, and the first three again
 */
export function interpolateExactly(
  input: usize,
  output: usize,
  count: i32,
  times: usize,
  table: usize,
  taps: i32,
): void {
  const periodInput = (<usize>load<i32>(times, 16)) << 2
  const periodOutput = (<usize>load<i32>(times, 12)) << 2
  for (const end = output + ((<usize>count) << 2); output < end; output += PERIODS * periodOutput) {
    const stop = min(output + PERIODS * periodOutput, end)
    interpolatePeriods(input, periodInput, output, periodOutput, stop, times, table, (<usize>taps) << 2)
    input += PERIODS * periodInput
  }
}

function interpolatePeriods(
  input: usize,
  periodInput: usize,
  output: usize,
  periodOutput: usize,
  stop: usize,
  times: usize,
  table: usize,
  rowBytes: usize,
): void {
  let phase = load<i32>(times, 0)
  const step = load<i32>(times, 4)
  const unit = load<i32>(times, 8)
  const whole = (<usize>(step / unit)) << 2
  const part = step % unit
  let row = table
  for (const end = min(output + periodOutput, stop); output < end; output += 16, row += 4 * rowBytes) {
    phase += part
    const second = whole + carried(phase, unit)
    phase = rest(phase, unit) + part
    const third = second + whole + carried(phase, unit)
    phase = rest(phase, unit) + part
    const fourth = third + whole + carried(phase, unit)
    for (let from = input, to = output; to < stop; from += periodInput, to += periodOutput) {
      const a = products(from, row, rowBytes)
      const b = products(from + second, row + rowBytes, rowBytes)
      const c = products(from + third, row + 2 * rowBytes, rowBytes)
      const d = products(from + fourth, row + 3 * rowBytes, rowBytes)
      v128.store(to, sumsOf(a, b, c, d))
    }
    phase = rest(phase, unit) + part
    input += fourth + whole + carried(phase, unit)
    phase = rest(phase, unit)
  }
}

/** Products of a row with the samples, four sums of every fourth. */
function products(input: usize, row: usize, rowBytes: usize): v128 {
  let sums = f32x4.mul(v128.load(input), v128.load(row))
  sums = f32x4.add(sums, f32x4.mul(v128.load(input, 16), v128.load(row, 16)))
  sums = f32x4.add(sums, f32x4.mul(v128.load(input, 32), v128.load(row, 32)))
  if (rowBytes == 48) return sums
  return f32x4.add(sums, f32x4.mul(v128.load(input, 48), v128.load(row, 48)))
}

// Without a branch: which output carries is as good as random, and a processor that guesses it loses more than it saves.

/** Bytes of one sample more where the phase is whole. */
function carried(phase: i32, unit: i32): usize {
  return (<usize>(phase >= unit)) << 2
}

function rest(phase: i32, unit: i32): i32 {
  return select(phase - unit, phase, phase >= unit)
}

/**
 * The same where fractions are too many for a row each: between neighbouring rows run straight lines or parabolas.
 *
 * @param times int64: time of the first output and between outputs, in 2^-32 of a sample; int32: binary logarithm of the
 *   number of rows, and 1 for lines, 2 for parabolas
 * @param table of every row and every four taps the factors of the square of the way to the next row (parabolas only),
 *   of the way, and of one
 */
export function interpolateBetween(
  input: usize,
  output: usize,
  count: i32,
  times: usize,
  table: usize,
  taps: i32,
): void {
  let time = load<i64>(times, 0)
  const step = load<i64>(times, 8)
  const bits = load<i32>(times, 16)
  const order = load<i32>(times, 20)
  const rowBytes = (<usize>taps * <usize>(order + 1)) << 2
  for (const end = output + ((<usize>count) << 2); output < end; output += 16) {
    const a = between(placeOf(input, time), rowOf(table, time, bits, rowBytes), wayOf(time, bits), order, taps)
    time += step
    const b = between(placeOf(input, time), rowOf(table, time, bits, rowBytes), wayOf(time, bits), order, taps)
    time += step
    const c = between(placeOf(input, time), rowOf(table, time, bits, rowBytes), wayOf(time, bits), order, taps)
    time += step
    const d = between(placeOf(input, time), rowOf(table, time, bits, rowBytes), wayOf(time, bits), order, taps)
    time += step
    v128.store(output, sumsOf(a, b, c, d))
  }
}

/** The window's first sample. The time may lie a little before the input. */
function placeOf(input: usize, time: i64): usize {
  return input + ((<usize>(<i32>(time >> 32))) << 2)
}

function rowOf(table: usize, time: i64, bits: i32, rowBytes: usize): usize {
  return table + <usize>(<u32>time >> (32 - bits)) * rowBytes
}

/** How far it is from the row to the next, from 0 to 1. */
function wayOf(time: i64, bits: i32): v128 {
  return f32x4.splat(<f32>(<f64>((<u32>time) << bits) * (1.0 / 4294967296.0)))
}

function between(input: usize, row: usize, way: v128, order: i32, taps: i32): v128 {
  if (order == 2) {
    let sums = f32x4.mul(parabola(row, way), v128.load(input))
    sums = f32x4.add(f32x4.mul(parabola(row + 48, way), v128.load(input, 16)), sums)
    sums = f32x4.add(f32x4.mul(parabola(row + 96, way), v128.load(input, 32)), sums)
    if (taps == 12) return sums
    return f32x4.add(f32x4.mul(parabola(row + 144, way), v128.load(input, 48)), sums)
  }
  let sums = f32x4.mul(line(row, way), v128.load(input))
  sums = f32x4.add(f32x4.mul(line(row + 32, way), v128.load(input, 16)), sums)
  sums = f32x4.add(f32x4.mul(line(row + 64, way), v128.load(input, 32)), sums)
  if (taps == 12) return sums
  return f32x4.add(f32x4.mul(line(row + 96, way), v128.load(input, 48)), sums)
}

function line(row: usize, way: v128): v128 {
  return f32x4.add(f32x4.mul(v128.load(row), way), v128.load(row, 16))
}

function parabola(row: usize, way: v128): v128 {
  return f32x4.add(f32x4.mul(line(row, way), way), v128.load(row, 32))
}

/** The sum of each vector's lanes. */
function sumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7))
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7))
  return f32x4.add(v128.shuffle<f64>(ab, cd, 0, 2), v128.shuffle<f64>(ab, cd, 1, 3))
}
