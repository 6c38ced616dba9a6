// Over time, per mel band: the sum, and what the mean of the logarithms is made of (src/mean-logarithm.ts).
// Four bands a vector; `bands` is a multiple of four.

/**
 * Column sums of a matrix [frames][bands] of float32 into `sums` (float64, zero before).
 *
 * @returns the largest value, at least `least`
 */
export function sumOverTime(mel: usize, frames: i32, bands: i32, sums: usize, least: f32): f32 {
  let most = f32x4.splat(least)
  const row = (<usize>bands) << 2
  for (let frame = 0; frame < frames; frame++) {
    let sum = sums
    for (const end = mel + row; mel < end; mel += 16, sum += 32) {
      const values = v128.load(mel)
      const high = v128.shuffle<f64>(values, values, 1, 1)
      most = f32x4.max(most, values)
      v128.store(sum, f64x2.add(v128.load(sum), f64x2.promote_low_f32x4(values)))
      v128.store(sum, f64x2.add(v128.load(sum, 16), f64x2.promote_low_f32x4(high)), 16)
    }
  }
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  )
}

const MANTISSA = 0x007fffff
const ONE = 0x3f800000
// A product of this many numbers below two is below 2^65, so it never leaves float32's range.
const FRAMES_A_TURN = 64

/**
 * The product of max(value, floor) over time for each column, as a float32 from 1 to 2 (`mantissas`) times a power
 * of two (`exponents`, int32). A float32 carries its logarithm's whole part in its bits, so the whole parts are added
 * and the rest is multiplied: one logarithm a band remains to be taken, of all frames together.
 *
 * @param floor a normal float32 above zero
 * @param mantissas receives [bands], filled with 1 before; `exponents` [bands], filled with 0 before
 */
export function multiplyOverTime(
  mel: usize,
  frames: i32,
  bands: i32,
  floor: f32,
  mantissas: usize,
  exponents: usize,
): void {
  const row = (<usize>bands) << 2
  const least = f32x4.splat(floor)
  for (let first = 0; first < frames; first += FRAMES_A_TURN) {
    const count = min(FRAMES_A_TURN, frames - first)
    for (let frame = 0; frame < count; frame++) {
      for (let column: usize = 0; column < row; column += 16) {
        const value = f32x4.max(v128.load(mel + column), least)
        addExponent(value, exponents + column)
        v128.store(mantissas + column, f32x4.mul(v128.load(mantissas + column), mantissaOf(value)))
      }
      mel += row
    }
    for (let column: usize = 0; column < row; column += 16) {
      const product = v128.load(mantissas + column)
      addExponent(product, exponents + column)
      v128.store(mantissas + column, mantissaOf(product))
    }
  }
}

function addExponent(value: v128, sum: usize): void {
  const exponent = i32x4.sub(i32x4.shr_u(value, 23), i32x4.splat(127))
  v128.store(sum, i32x4.add(v128.load(sum), exponent))
}

/** The value without its power of two: from 1 to 2. */
function mantissaOf(value: v128): v128 {
  return v128.or(v128.and(value, i32x4.splat(MANTISSA)), i32x4.splat(ONE))
}
