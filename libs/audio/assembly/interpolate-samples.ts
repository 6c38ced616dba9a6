// src/interpolate-samples.ts, four taps a step.

/**
 * Every output's fraction of a sample has its own row of 12 or 16 coefficients (`rowBytes` 48 or 64; no interpolator
 * of HQ has fewer or more). The rows lie in the order in which the outputs take them, so that they stream through the
 * cache: in the order of the fractions, hundreds of rows lie between an output's and the next one's.
 *
 * @param input float32; as much of it as `count` outputs, made a multiple of four, reach
 * @param output receives `count` float32, made a multiple of four
 * @param phases outputs k take their samples around k `step` / `phases`; as many rows are there
 */
export function interpolateExactly(
  input: usize,
  output: usize,
  count: i32,
  step: i32,
  phases: i32,
  table: usize,
  rowBytes: usize,
): void {
  const whole = (<usize>(step / phases)) << 2
  const part = step % phases
  const tableEnd = table + <usize>phases * rowBytes
  let row = table
  let phase = 0
  for (const end = output + ((<usize>count) << 2); output < end; output += 16) {
    const first = products(input, row, rowBytes)
    row = nextRow(row, rowBytes, table, tableEnd)
    phase += part
    input += whole + carried(phase, phases)
    phase = rest(phase, phases)
    const second = products(input, row, rowBytes)
    row = nextRow(row, rowBytes, table, tableEnd)
    phase += part
    input += whole + carried(phase, phases)
    phase = rest(phase, phases)
    const third = products(input, row, rowBytes)
    row = nextRow(row, rowBytes, table, tableEnd)
    phase += part
    input += whole + carried(phase, phases)
    phase = rest(phase, phases)
    const fourth = products(input, row, rowBytes)
    row = nextRow(row, rowBytes, table, tableEnd)
    phase += part
    input += whole + carried(phase, phases)
    phase = rest(phase, phases)
    v128.store(output, sumsOf(first, second, third, fourth))
  }
}

/** The same with `rows` rows in the order of the fractions and one more, and straight lines between neighbours. */
export function interpolateBetween(
  input: usize,
  output: usize,
  count: i32,
  step: i32,
  phases: i32,
  table: usize,
  rowBytes: usize,
  rows: i32,
): void {
  const whole = (<usize>(step / phases)) << 2
  const part = step % phases
  let phase = 0
  for (const end = output + ((<usize>count) << 2); output < end; output += 4) {
    const position = (<f64>phase * <f64>rows) / <f64>phases
    const index = <i32>position
    const row = table + <usize>index * rowBytes
    const low = products(input, row, rowBytes)
    const high = products(input, row + rowBytes, rowBytes)
    const share = f32x4.splat(<f32>(position - <f64>index))
    const between = f32x4.add(low, f32x4.mul(share, f32x4.sub(high, low)))
    store<f32>(output, f32x4.extract_lane(sumsOf(between, between, between, between), 0))
    phase += part
    input += whole + carried(phase, phases)
    phase = rest(phase, phases)
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

/** The sum of each vector's lanes. */
function sumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7))
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7))
  return f32x4.add(v128.shuffle<f64>(ab, cd, 0, 2), v128.shuffle<f64>(ab, cd, 1, 3))
}

function nextRow(row: usize, rowBytes: usize, table: usize, tableEnd: usize): usize {
  const next = row + rowBytes
  return select(table, next, next == tableEnd)
}

// Without a branch: which output carries is as good as random, and a processor that guesses it loses more than it saves.

/** Bytes of one sample more where the phase is whole. */
function carried(phase: i32, phases: i32): usize {
  return (<usize>(phase >= phases)) << 2
}

function rest(phase: i32, phases: i32): i32 {
  return select(phase - phases, phase, phase >= phases)
}
