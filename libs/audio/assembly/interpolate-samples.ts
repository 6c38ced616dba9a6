// src/interpolate-samples.ts, two taps a step.

/**
 * Every output's fraction of a sample has its own row of `taps` coefficients (even, at least 12). The rows lie in the
 * order in which the outputs take them, so that they stream through the cache: in the order of the fractions, hundreds
 * of rows lie between an output's and the next one's, and the table is as large as the second cache.
 */
export function interpolateExactly(
  input: usize,
  output: usize,
  count: i32,
  step: i32,
  phases: i32,
  table: usize,
  taps: i32,
): void {
  const whole = (<usize>(step / phases)) << 3
  const part = step % phases
  const rowBytes = (<usize>taps) << 3
  const tableEnd = table + <usize>phases * rowBytes
  let row = table
  let phase = 0
  for (const end = output + ((<usize>count) << 3); output < end; output += 8) {
    // No interpolator of HQ has fewer than 12 taps or more than 16; a loop over all of them costs a third more.
    let even = product(input, row)
    let odd = product(input + 16, row + 16)
    even = f64x2.add(even, product(input + 32, row + 32))
    odd = f64x2.add(odd, product(input + 48, row + 48))
    even = f64x2.add(even, product(input + 64, row + 64))
    odd = f64x2.add(odd, product(input + 80, row + 80))
    for (let at: usize = 96; at < rowBytes; at += 16) even = f64x2.add(even, product(input + at, row + at))
    store<f64>(output, sumOf(f64x2.add(even, odd)))
    row += rowBytes
    if (row == tableEnd) row = table
    input += whole
    phase += part
    if (phase >= phases) {
      phase -= phases
      input += 8
    }
  }
}

/** The same with `rows` rows in the order of the fractions, and straight lines between neighbours. */
export function interpolateBetween(
  input: usize,
  output: usize,
  count: i32,
  step: i32,
  phases: i32,
  table: usize,
  taps: i32,
  rows: i32,
): void {
  const whole = (<usize>(step / phases)) << 3
  const part = step % phases
  const rowBytes = (<usize>taps) << 3
  let phase = 0
  for (const end = output + ((<usize>count) << 3); output < end; output += 8) {
    const position = (<f64>phase * <f64>rows) / <f64>phases
    const index = <i32>position
    const row = table + <usize>index * rowBytes
    let low = f64x2.splat(0)
    let high = f64x2.splat(0)
    for (let at: usize = 0; at < rowBytes; at += 16) {
      low = f64x2.add(low, product(input + at, row + at))
      high = f64x2.add(high, product(input + at, row + rowBytes + at))
    }
    store<f64>(output, sumOf(low) + (position - <f64>index) * (sumOf(high) - sumOf(low)))
    input += whole
    phase += part
    if (phase >= phases) {
      phase -= phases
      input += 8
    }
  }
}

function product(a: usize, b: usize): v128 {
  return f64x2.mul(v128.load(a), v128.load(b))
}

function sumOf(lanes: v128): f64 {
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1)
}
