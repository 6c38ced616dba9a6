// src/interpolate-samples.ts, two taps a step.

/** Every output's fraction of a sample has its own row of `taps` coefficients (even). */
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
  const row = (<usize>taps) << 3
  let phase = 0
  for (const end = output + ((<usize>count) << 3); output < end; output += 8) {
    store<f64>(output, dot(input, table + <usize>phase * row, taps))
    input += whole
    phase += part
    if (phase >= phases) {
      phase -= phases
      input += 8
    }
  }
}

/** The same with `rows` rows and straight lines between neighbours. */
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
  const row = (<usize>taps) << 3
  let phase = 0
  for (const end = output + ((<usize>count) << 3); output < end; output += 8) {
    const position = (<f64>phase * <f64>rows) / <f64>phases
    const index = <i32>position
    const low = dot(input, table + <usize>index * row, taps)
    const high = dot(input, table + <usize>(index + 1) * row, taps)
    store<f64>(output, low + (position - <f64>index) * (high - low))
    input += whole
    phase += part
    if (phase >= phases) {
      phase -= phases
      input += 8
    }
  }
}

function dot(input: usize, row: usize, taps: i32): f64 {
  let sum = f64x2.splat(0)
  for (const end = row + ((<usize>taps) << 3); row < end; row += 16, input += 16) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(input), v128.load(row)))
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}
