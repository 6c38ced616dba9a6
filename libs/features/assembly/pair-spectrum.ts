// Spectra of two neighbouring frames at once, a lane each, in float64: src/power-spectrum.ts and what src/voice does to a
// frame before it, operation by operation.

import { COMPLEX_BYTES, transformPair } from './transform-pair'

const PAIR_BYTES: usize = 16

/** `count` float32 samples from `samples` on, and as many from `hopBytes` further, to pairs of float64. */
export function takePair(samples: usize, hopBytes: usize, count: i32, frame: usize): void {
  for (const end = frame + <usize>count * PAIR_BYTES; frame < end; frame += PAIR_BYTES, samples += 4) {
    const both = v128.load32_lane(samples + hopBytes, v128.load32_zero(samples), 1)
    v128.store(frame, f64x2.promote_low_f32x4(both))
  }
}

/** Takes the mean from each frame; `peak` receives the largest magnitudes of what is left. */
export function centrePair(frame: usize, count: i32, peak: usize): void {
  const end = frame + <usize>count * PAIR_BYTES
  let sum = f64x2.splat(0)
  for (let at = frame; at < end; at += PAIR_BYTES) sum = f64x2.add(sum, v128.load(at))
  const mean = f64x2.div(sum, f64x2.splat(<f64>count))
  let largest = f64x2.splat(0)
  for (let at = frame; at < end; at += PAIR_BYTES) {
    const sample = f64x2.sub(v128.load(at), mean)
    v128.store(at, sample)
    largest = f64x2.max(largest, f64x2.abs(sample))
  }
  v128.store(peak, largest)
}

/**
 * The power spectra of two frames, windowed and filled up with zeros.
 *
 * @param count samples of a frame and of its window, an even number
 * @param size of the transform: twice a power of four
 * @param tables 32-bit integers: addresses of the window, of the transform's twiddles, of the cosines and sines (in turn) of
 *   2 pi k / size (all float64), and of two buffers of size / 2 complex pairs
 * @param power receives the pairs of size / 2 + 1 bins
 */
export function pairSpectrum(frame: usize, count: i32, size: i32, tables: usize, power: usize): void {
  let window: usize = load<u32>(tables, 0)
  const half = size >> 1
  const data: usize = load<u32>(tables, 12)
  const windowed = data + <usize>count * PAIR_BYTES
  for (let at = data; at < windowed; at += PAIR_BYTES, frame += PAIR_BYTES, window += 8) {
    v128.store(at, f64x2.mul(v128.load(frame), v128.load64_splat(window)))
  }
  memory.fill(windowed, 0, data + <usize>half * COMPLEX_BYTES - windowed)
  separate(transformPair(data, load<u32>(tables, 16), half, load<u32>(tables, 4)), half, load<u32>(tables, 8), power)
}

function separate(spectrum: usize, half: i32, turns: usize, power: usize): void {
  const re = v128.load(spectrum)
  const im = v128.load(spectrum, 16)
  const sum = f64x2.add(re, im)
  const difference = f64x2.sub(re, im)
  v128.store(power, f64x2.mul(sum, sum))
  v128.store(power + <usize>half * PAIR_BYTES, f64x2.mul(difference, difference))
  const scale = f64x2.splat(0.5)
  let low = spectrum + COMPLEX_BYTES
  let high = spectrum + <usize>(half - 1) * COMPLEX_BYTES
  let up = power + PAIR_BYTES
  let down = power + <usize>(half - 1) * PAIR_BYTES
  for (; low <= high; low += COMPLEX_BYTES, high -= COMPLEX_BYTES, up += PAIR_BYTES, down -= PAIR_BYTES) {
    turns += 16
    const lowRe = v128.load(low)
    const lowIm = v128.load(low, 16)
    const highRe = v128.load(high)
    const highIm = v128.load(high, 16)
    const evenRe = f64x2.mul(scale, f64x2.add(lowRe, highRe))
    const evenIm = f64x2.mul(scale, f64x2.sub(lowIm, highIm))
    const oddRe = f64x2.mul(scale, f64x2.add(lowIm, highIm))
    const oddIm = f64x2.mul(scale, f64x2.sub(highRe, lowRe))
    const cos = v128.load64_splat(turns)
    const sin = v128.load64_splat(turns, 8)
    const turnedRe = f64x2.add(f64x2.mul(cos, oddRe), f64x2.mul(sin, oddIm))
    const turnedIm = f64x2.sub(f64x2.mul(cos, oddIm), f64x2.mul(sin, oddRe))
    v128.store(up, norm(f64x2.add(evenRe, turnedRe), f64x2.add(evenIm, turnedIm)))
    v128.store(down, norm(f64x2.sub(evenRe, turnedRe), f64x2.sub(evenIm, turnedIm)))
  }
}

function norm(re: v128, im: v128): v128 {
  return f64x2.add(f64x2.mul(re, re), f64x2.mul(im, im))
}

/** Pairs to two rows of float64. */
export function splitPairs(pairs: usize, count: i32, first: usize, second: usize): void {
  for (const end = pairs + <usize>count * PAIR_BYTES; pairs < end; pairs += PAIR_BYTES, first += 8, second += 8) {
    const both = v128.load(pairs)
    v128.store64_lane(first, both, 0)
    v128.store64_lane(second, both, 1)
  }
}
