// src/voice/correlate-frame.ts on two frames at once, a lane each, operation by operation.

import { COMPLEX_BYTES, transformPair } from './transform-pair'

const PAIR_BYTES: usize = 16
/** Bins of the whole transform for one of the small ones. */
const TEETH = 8

/**
 * The normalised autocorrelations at the lowest lags of two power spectra, whole and in the pass band.
 *
 * @param power pairs of 4 comb + 1 bins
 * @param comb size of the small transforms: an eighth of the whole, a power of four, larger than `lags`
 * @param tables 32-bit integers: addresses of the pass band's gains, of the small transform's twiddles, for each of the five
 *   teeth of cosine and sine of every lag in turn, of the window's correlation (all float64), and of two buffers of `comb`
 *   complex pairs
 * @param correlations receives pairs: all lags of the whole, then all of the pass band
 */
export function correlatePair(power: usize, comb: i32, lags: i32, tables: usize, correlations: usize): void {
  const passBand: usize = load<u32>(tables, 0)
  const twiddles: usize = load<u32>(tables, 4)
  let turns: usize = load<u32>(tables, 8)
  const data: usize = load<u32>(tables, 16)
  const lagBytes = <usize>lags * PAIR_BYTES
  memory.fill(correlations, 0, 2 * lagBytes)
  for (let tooth = 0; tooth <= TEETH >> 1; tooth++) {
    gather(power, passBand, tooth, comb, data)
    const lagged = transformPair(data, load<u32>(tables, 20), comb, twiddles)
    if (tooth == 0 || tooth == TEETH >> 1) addAlone(lagged, lagBytes, turns, correlations)
    else addBoth(lagged, comb, lagBytes, turns, correlations)
    turns += lagBytes
  }
  normalise(correlations, lagBytes, load<u32>(tables, 12))
  normalise(correlations + lagBytes, lagBytes, load<u32>(tables, 12))
}

function gather(power: usize, passBand: usize, tooth: i32, comb: i32, data: usize): void {
  const size = TEETH * comb
  for (let bin = tooth; bin < size; bin += TEETH, data += COMPLEX_BYTES) {
    const folded = <usize>min(bin, size - bin)
    const whole = v128.load(power + folded * PAIR_BYTES)
    v128.store(data, whole)
    v128.store(data, f64x2.mul(whole, v128.load64_splat(passBand + (folded << 3))), 16)
  }
}

function addAlone(lagged: usize, lagBytes: usize, turns: usize, sums: usize): void {
  for (const end = sums + lagBytes; sums < end; sums += PAIR_BYTES, turns += PAIR_BYTES, lagged += COMPLEX_BYTES) {
    const re = v128.load(lagged)
    const im = v128.load(lagged, 16)
    add(re, im, turns, sums)
    subtract(im, re, turns, sums + lagBytes)
  }
}

/** Of two teeth, whose transforms are each other's mirror image. */
function addBoth(lagged: usize, comb: i32, lagBytes: usize, turns: usize, sums: usize): void {
  const mask = <usize>comb * COMPLEX_BYTES - 1
  let place: usize = 0
  for (const end = sums + lagBytes; sums < end; sums += PAIR_BYTES, turns += PAIR_BYTES, place += COMPLEX_BYTES) {
    const back = lagged + ((0 - place) & mask)
    const re = v128.load(lagged + place)
    const im = v128.load(lagged + place, 16)
    const backRe = v128.load(back)
    const backIm = v128.load(back, 16)
    add(f64x2.add(re, backRe), f64x2.sub(im, backIm), turns, sums)
    subtract(f64x2.add(im, backIm), f64x2.sub(re, backRe), turns, sums + lagBytes)
  }
}

/** Adds a cos + b sin. */
function add(a: v128, b: v128, turn: usize, sum: usize): void {
  const product = f64x2.add(f64x2.mul(a, v128.load64_splat(turn)), f64x2.mul(b, v128.load64_splat(turn, 8)))
  v128.store(sum, f64x2.add(v128.load(sum), product))
}

/** Adds a cos - b sin. */
function subtract(a: v128, b: v128, turn: usize, sum: usize): void {
  const product = f64x2.sub(f64x2.mul(a, v128.load64_splat(turn)), f64x2.mul(b, v128.load64_splat(turn, 8)))
  v128.store(sum, f64x2.add(v128.load(sum), product))
}

/** Divides by the energy and by the window's own correlation. */
function normalise(correlation: usize, lagBytes: usize, own: usize): void {
  const energy = f64x2.add(v128.load(correlation), f64x2.splat(1e-12))
  for (const end = correlation + lagBytes; correlation < end; correlation += PAIR_BYTES, own += 8) {
    v128.store(correlation, f64x2.div(v128.load(correlation), f64x2.mul(energy, v128.load64_splat(own))))
  }
}
