// src/power-spectrum.ts on two frames at once: from the transform of size/2 packed complex numbers to |X[k]|^2.

/**
 * @param packed the transform of the even samples + i times the odd ones, `half` complex numbers of both frames
 * @param half half the frame's length
 * @param turns cos and sin of 2 pi k / (2 half) for k = 0 .. half/2, pairs
 * @param power receives half + 1 vectors, one lane a frame
 */
export function powerSpectrum(packed: usize, half: i32, turns: usize, power: usize): void {
  const firstRe = v128.load(packed)
  const firstIm = v128.load(packed, 16)
  const sum = f64x2.add(firstRe, firstIm)
  const difference = f64x2.sub(firstRe, firstIm)
  const last = power + ((<usize>half) << 4)
  v128.store(power, f64x2.mul(sum, sum))
  v128.store(last, f64x2.mul(difference, difference))
  const one = f64x2.splat(0.5)
  let low = packed + 32
  let high = packed + ((<usize>(half - 1)) << 5)
  let lowPower = power + 16
  let highPower = last - 16
  for (; low <= high; low += 32, high -= 32, lowPower += 16, highPower -= 16) {
    turns += 16
    const lowRe = v128.load(low)
    const lowIm = v128.load(low, 16)
    const highRe = v128.load(high)
    const highIm = v128.load(high, 16)
    const cos = v128.load64_splat(turns, 0)
    const sin = v128.load64_splat(turns, 8)
    const evenRe = f64x2.mul(one, f64x2.add(lowRe, highRe))
    const evenIm = f64x2.mul(one, f64x2.sub(lowIm, highIm))
    const oddRe = f64x2.mul(one, f64x2.add(lowIm, highIm))
    const oddIm = f64x2.mul(one, f64x2.sub(highRe, lowRe))
    const turnedRe = f64x2.add(f64x2.mul(cos, oddRe), f64x2.mul(sin, oddIm))
    const turnedIm = f64x2.sub(f64x2.mul(cos, oddIm), f64x2.mul(sin, oddRe))
    v128.store(lowPower, norm(f64x2.add(evenRe, turnedRe), f64x2.add(evenIm, turnedIm)))
    v128.store(highPower, norm(f64x2.sub(evenRe, turnedRe), f64x2.sub(evenIm, turnedIm)))
  }
}

function norm(re: v128, im: v128): v128 {
  return f64x2.add(f64x2.mul(re, re), f64x2.mul(im, im))
}
