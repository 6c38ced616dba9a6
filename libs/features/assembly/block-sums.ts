// src/block-sums.ts: four samples a step.

/**
 * Sum of squares and changes of sign of each block.
 *
 * @param samples float32; the sample before the first is one that has the first's sign
 * @param negativeFrom the largest float32 that counts as negative
 * @param squares receives float64 a block, `crossings` and `atStart` (the change into the first sample) int32 a block
 */
export function blockSums(
  samples: usize,
  count: i32,
  block: i32,
  negativeFrom: f32,
  squares: usize,
  crossings: usize,
  atStart: usize,
): void {
  const limit = f32x4.splat(negativeFrom)
  const end = samples + ((<usize>count) << 2)
  for (; samples < end; squares += 8, crossings += 4, atStart += 4) {
    const blockEnd = min(samples + ((<usize>block) << 2), end)
    store<i32>(atStart, i32(load<f32>(samples) <= negativeFrom != load<f32>(samples - 4) <= negativeFrom))
    let low = f64x2.splat(0)
    let high = f64x2.splat(0)
    let changes = 0
    for (; samples + 16 <= blockEnd; samples += 16) {
      const now = v128.load(samples)
      const changed = v128.xor(f32x4.le(now, limit), f32x4.le(v128.load(samples - 4), limit))
      changes += popcnt(i32x4.bitmask(changed))
      const a = f64x2.promote_low_f32x4(now)
      const b = f64x2.promote_low_f32x4(v128.shuffle<f64>(now, now, 1, 1))
      low = f64x2.add(low, f64x2.mul(a, a))
      high = f64x2.add(high, f64x2.mul(b, b))
    }
    const both = f64x2.add(low, high)
    let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1)
    for (; samples < blockEnd; samples += 4) {
      const sample = <f64>load<f32>(samples)
      changes += i32(load<f32>(samples) <= negativeFrom != load<f32>(samples - 4) <= negativeFrom)
      sum += sample * sample
    }
    store<f64>(squares, sum)
    store<i32>(crossings, changes)
  }
}
