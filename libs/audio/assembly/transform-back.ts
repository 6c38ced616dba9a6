// The inverse of transform-forth.ts, but for a factor of its size: every pass splits a transform into four.

import { TURNS_OF_FOUR, TURNS_OF_TWO } from './transform-forth'

const ROOT_OF_TWO: f32 = 1.414213562373095

/**
 * Takes frequencies back to groups of four, which a last pass (`splitNumbers`) takes to `size` numbers.
 *
 * @param from the frequencies, which are overwritten; `to` is as large
 * @param turnsEnd where the turns of all passes end; the widest come last
 * @returns where the result is: at `from` or at `to`
 */
export function transformBack(from: usize, to: usize, size: i32, turnsEnd: usize): usize {
  let width = size
  // An odd power of two (the number of trailing zeros tells it) begins with radix 2.
  if (ctz(size) & 1) {
    width >>= 1
    turnsEnd -= <usize>((width >> 1) - 1) * TURNS_OF_TWO
    splitTwo(from, to, width, turnsEnd)
    const other = from
    from = to
    to = other
  }
  while (width > 4) {
    width >>= 2
    turnsEnd -= <usize>((width >> 1) - 1) * TURNS_OF_FOUR
    splitFours(from, to, width, size, turnsEnd)
    const other = from
    from = to
    to = other
  }
  return from
}

function splitFours(from: usize, to: usize, width: i32, size: i32, turns: usize): void {
  const group = (<usize>width) << 4
  const step = (<usize>size) << 2
  const two = f32x4.splat(2)
  for (const end = to + step; to < end; from += 4 * group, to += group) {
    const a = v128.load(from)
    const b = v128.load(from + 4 * group - 16)
    const c = f32x4.mul(two, v128.load(from + 2 * group))
    const d = f32x4.mul(two, v128.load(from + 2 * group - 16))
    const sum = f32x4.add(a, b)
    const dif = f32x4.sub(a, b)
    v128.store(to, f32x4.add(sum, d))
    v128.store(to + step, f32x4.sub(dif, c))
    v128.store(to + 2 * step, f32x4.sub(sum, d))
    v128.store(to + 3 * step, f32x4.add(dif, c))
    splitFrequencies(from + 16, to + 16, group, step, turns)
    splitHighest(from + group - 16, to + group - 16, group, step)
  }
}

/** All frequencies but 0 and the highest. */
function splitFrequencies(from: usize, to: usize, group: usize, step: usize, turns: usize): void {
  let mirror = from + group - 64
  for (const end = to + group - 32; to < end; from += 32, to += 32, mirror -= 32, turns += TURNS_OF_FOUR) {
    const ar = v128.load(from)
    const ai = v128.load(from, 16)
    const cr = v128.load(from + 2 * group)
    const ci = v128.load(from + 2 * group, 16)
    const br = v128.load(mirror + group)
    const bi = v128.load(mirror + group, 16)
    const dr = v128.load(mirror + 3 * group)
    const di = v128.load(mirror + 3 * group, 16)
    const difAdRe = f32x4.sub(ar, dr)
    const sumAdRe = f32x4.add(ar, dr)
    const difCbRe = f32x4.sub(cr, br)
    const sumCbRe = f32x4.add(cr, br)
    const difCbIm = f32x4.sub(ci, bi)
    const sumCbIm = f32x4.add(ci, bi)
    const sumAdIm = f32x4.add(ai, di)
    const difAdIm = f32x4.sub(ai, di)
    v128.store(to, f32x4.add(sumAdRe, sumCbRe))
    v128.store(to, f32x4.add(difAdIm, difCbIm), 16)
    storeTurned(to + step, f32x4.sub(difAdRe, sumCbIm), f32x4.add(sumAdIm, difCbRe), turns)
    storeTurned(to + 2 * step, f32x4.sub(sumAdRe, sumCbRe), f32x4.sub(difAdIm, difCbIm), turns + 8)
    storeTurned(to + 3 * step, f32x4.add(difAdRe, sumCbIm), f32x4.sub(sumAdIm, difCbRe), turns + 16)
  }
}

function splitHighest(from: usize, to: usize, group: usize, step: usize): void {
  const minusRoot = f32x4.splat(-ROOT_OF_TWO)
  const ar = v128.load(from)
  const ai = v128.load(from, 16)
  const br = v128.load(from + 2 * group)
  const bi = v128.load(from + 2 * group, 16)
  const difRe = f32x4.sub(ar, br)
  const sumRe = f32x4.add(ar, br)
  const sumIm = f32x4.add(bi, ai)
  const difIm = f32x4.sub(bi, ai)
  v128.store(to, f32x4.add(sumRe, sumRe))
  v128.store(to + step, f32x4.mul(minusRoot, f32x4.sub(sumIm, difRe)))
  v128.store(to + 2 * step, f32x4.add(difIm, difIm))
  v128.store(to + 3 * step, f32x4.mul(minusRoot, f32x4.add(sumIm, difRe)))
}

/** One transform becomes two, one after the other. */
function splitTwo(from: usize, to: usize, width: i32, turns: usize): void {
  const group = (<usize>width) << 4
  const a = v128.load(from)
  const b = v128.load(from + 2 * group - 16)
  v128.store(to, f32x4.add(a, b))
  v128.store(to + group, f32x4.sub(a, b))
  const middle = from + group - 16
  let mirror = from + 2 * group - 48
  let at = from + 16
  let target = to + 16
  for (; at < middle; at += 32, target += 32, mirror -= 32, turns += TURNS_OF_TWO) {
    const ar = v128.load(at)
    const ai = v128.load(at, 16)
    const br = v128.load(mirror)
    const bi = v128.load(mirror, 16)
    v128.store(target, f32x4.add(ar, br))
    v128.store(target, f32x4.sub(ai, bi), 16)
    storeTurned(target + group, f32x4.sub(ar, br), f32x4.add(ai, bi), turns)
  }
  const re = v128.load(middle)
  v128.store(to + group - 16, f32x4.add(re, re))
  v128.store(to + 2 * group - 16, f32x4.mul(f32x4.splat(-2), v128.load(middle, 16)))
}

/** Stores a complex number times the one at `turn`, which all lanes share. */
function storeTurned(at: usize, re: v128, im: v128, turn: usize): void {
  const turnRe = v128.load32_splat(turn)
  const turnIm = v128.load32_splat(turn, 4)
  v128.store(at, f32x4.sub(f32x4.mul(re, turnRe), f32x4.mul(im, turnIm)))
  v128.store(at, f32x4.add(f32x4.mul(im, turnRe), f32x4.mul(re, turnIm)), 16)
}
