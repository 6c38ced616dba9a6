// MFCC of every frame: dB, then a DCT. Four bands, or four coefficients, a vector.

// 10 log10(2).
const DB_AN_OCTAVE: f32 = 3.010299956639812
// The mantissa is taken from sqrt(1/2) to sqrt(2), where the polynomial is best.
const ROOT_OF_HALF = 0x3f3504f3
const MANTISSA = 0x007fffff

/** 10 log10(max(value, floor)) of `count` float32 (a multiple of four) into `db`; floor is a normal number. */
export function powersToDb(values: usize, count: i32, floor: f32, db: usize): void {
  const least = f32x4.splat(floor)
  for (const end = values + ((<usize>count) << 2); values < end; values += 16, db += 16) {
    v128.store(db, f32x4.mul(f32x4.splat(DB_AN_OCTAVE), log2(f32x4.max(v128.load(values), least))))
  }
}

/**
 * The binary logarithm of positive normal numbers: the exponent from the bits, and for the mantissa 1 + r the
 * polynomial of Cephes' logf (S. Moshier), log(1 + r) = r - r^2 / 2 + r^3 P(r), relative error 1e-7.
 */
function log2(value: v128): v128 {
  const shifted = i32x4.sub(value, i32x4.splat(ROOT_OF_HALF))
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23))
  const mantissa = i32x4.add(v128.and(shifted, i32x4.splat(MANTISSA)), i32x4.splat(ROOT_OF_HALF))
  const r = f32x4.sub(mantissa, f32x4.splat(1))
  let p = f32x4.splat(7.0376836292e-2)
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(-1.151461031e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.167699874e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(-1.2420140846e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.4249322787e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(-1.6668057665e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(2.0000714765e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(-2.4999993993e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(3.3333331174e-1))
  const square = f32x4.mul(r, r)
  const rest = f32x4.sub(f32x4.mul(f32x4.mul(p, r), square), f32x4.mul(f32x4.splat(0.5), square))
  // 1 / ln 2 = 1 + 0.4427: the larger part of r is added exactly.
  const small = f32x4.add(f32x4.mul(f32x4.add(r, rest), f32x4.splat(0.44269504)), rest)
  return f32x4.add(exponent, f32x4.add(r, small))
}

/**
 * Each row of `db` [frames][bands] times the matrix: `target` receives [frames][coefficients].
 *
 * @param matrix [bands][coefficients], both multiples of four
 */
export function cosineTransform(
  db: usize,
  frames: i32,
  bands: i32,
  matrix: usize,
  coefficients: i32,
  target: usize,
): void {
  const rowBytes = (<usize>coefficients) << 2
  const bandBytes = (<usize>bands) << 2
  for (let frame = 0; frame < frames; frame++, db += bandBytes) {
    for (let column: usize = 0; column < rowBytes; column += 16, target += 16) {
      let even = f32x4.splat(0)
      let odd = f32x4.splat(0)
      let factors = matrix + column
      for (let at = db; at < db + bandBytes; at += 8, factors += 2 * rowBytes) {
        even = f32x4.add(even, f32x4.mul(v128.load32_splat(at), v128.load(factors)))
        odd = f32x4.add(odd, f32x4.mul(v128.load32_splat(at, 4), v128.load(factors + rowBytes)))
      }
      v128.store(target, f32x4.add(even, odd))
    }
  }
}
