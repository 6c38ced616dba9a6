// Over time, per mel band: the mean, and products from which the mean of the logarithms is made (src/mfcc.ts).
// Two bands a vector.

/** The largest of `count` numbers (even), and at least `least`. */
export function largest(values: usize, count: i32, least: f64): f64 {
  let most = f64x2.splat(least)
  for (const end = values + ((<usize>count) << 3); values < end; values += 16) {
    most = f64x2.max(most, v128.load(values))
  }
  return max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1))
}

/** Column sums of a matrix [frames][bands] into `sums`; bands must be even. */
export function sumOverTime(mel: usize, frames: i32, bands: i32, sums: usize): void {
  const row = (<usize>bands) << 3
  for (let column: usize = 0; column < row; column += 16) {
    let at = mel + column
    let sum = f64x2.splat(0)
    for (let frame = 0; frame < frames; frame++, at += row) sum = f64x2.add(sum, v128.load(at))
    v128.store(sums + column, sum)
  }
}

/** Products of max(value, floor) / top over `frames` rows into `products`; bands must be even. */
export function multiplyOverTime(mel: usize, frames: i32, bands: i32, floor: f64, top: f64, products: usize): void {
  const row = (<usize>bands) << 3
  const least = f64x2.splat(floor)
  const scale = f64x2.splat(1 / top)
  for (let column: usize = 0; column < row; column += 16) {
    let at = mel + column
    let product = f64x2.splat(1)
    for (let frame = 0; frame < frames; frame++, at += row) {
      product = f64x2.mul(product, f64x2.mul(f64x2.max(v128.load(at), least), scale))
    }
    v128.store(products + column, product)
  }
}
