// The Fourier transform of real numbers, on four signals at once: each lane of a vector holds another signal, so no
// lane ever meets another and nothing is shuffled. FFTPACK's radix 4 (P. Swarztrauber), with radix 2 at last where the
// size asks for it, every sum and product in the order of PFFFT, which libsoxr uses: so the rounding is libsoxr's too.
//
// Frequencies lie as FFTPACK leaves them: re(0), re(1), im(1), re(2), im(2) ... re(size / 2). A pass joins groups of four
// transforms of `width` numbers into one of four times as many.

const ROOT_OF_HALF: f32 = 0.7071067811865475
/** Bytes of the turns of one frequency: w, w^2 and w^3 in radix 4, w in radix 2. */
export const TURNS_OF_FOUR: usize = 24
export const TURNS_OF_TWO: usize = 8

/**
 * Transforms `size` numbers (a power of two, at least 8), which a first pass has joined in fours.
 *
 * @param from the numbers, which are overwritten; `to` is as large
 * @param turns of all passes, the narrowest first
 * @returns where the result is: at `from` or at `to`
 */
export function transformForth(from: usize, to: usize, size: i32, turns: usize): usize {
  let width = 4
  for (; width * 4 <= size; width *= 4) {
    joinFours(from, to, width, size, turns)
    turns += <usize>((width >> 1) - 1) * TURNS_OF_FOUR
    const other = from
    from = to
    to = other
  }
  if (width == size) return from
  joinTwo(from, to, width, turns)
  return to
}

/** The first pass: four numbers `step` bytes apart become the transform of four. */
export function joinNumbers(a: v128, b: v128, c: v128, d: v128, target: usize): void {
  const ac = f32x4.add(a, c)
  const bd = f32x4.add(b, d)
  v128.store(target, f32x4.add(bd, ac))
  v128.store(target, f32x4.sub(a, c), 16)
  v128.store(target, f32x4.sub(d, b), 32)
  v128.store(target, f32x4.sub(ac, bd), 48)
}

function joinFours(from: usize, to: usize, width: i32, size: i32, turns: usize): void {
  const group = (<usize>width) << 4
  const step = (<usize>size) << 2
  for (const end = from + step; from < end; from += group, to += 4 * group) {
    // Frequency 0 of the four, which is real.
    const a = v128.load(from)
    const b = v128.load(from + step)
    const c = v128.load(from + 2 * step)
    const d = v128.load(from + 3 * step)
    const bd = f32x4.add(b, d)
    const ac = f32x4.add(a, c)
    v128.store(to, f32x4.add(bd, ac))
    v128.store(to + 2 * group - 16, f32x4.sub(a, c))
    v128.store(to + 2 * group, f32x4.sub(d, b))
    v128.store(to + 4 * group - 16, f32x4.sub(ac, bd))
    joinFrequencies(from + 16, to + 16, group, step, turns)
    joinHighest(from + group - 16, to + group - 16, group, step)
  }
}

/** All frequencies but 0 and the highest. */
function joinFrequencies(from: usize, to: usize, group: usize, step: usize, turns: usize): void {
  let mirror = to + group - 64
  for (const end = from + group - 32; from < end; from += 32, to += 32, mirror -= 32, turns += TURNS_OF_FOUR) {
    const ar = v128.load(from)
    const ai = v128.load(from, 16)
    const br = turnedBackRe(from + step, turns)
    const bi = turnedBackIm(from + step, turns)
    const cr = turnedBackRe(from + 2 * step, turns + 8)
    const ci = turnedBackIm(from + 2 * step, turns + 8)
    const dr = turnedBackRe(from + 3 * step, turns + 16)
    const di = turnedBackIm(from + 3 * step, turns + 16)
    const sumBdRe = f32x4.add(br, dr)
    const difDbRe = f32x4.sub(dr, br)
    const sumAcRe = f32x4.add(ar, cr)
    const difAcRe = f32x4.sub(ar, cr)
    const sumBdIm = f32x4.add(bi, di)
    const difBdIm = f32x4.sub(bi, di)
    const sumAcIm = f32x4.add(ai, ci)
    const difAcIm = f32x4.sub(ai, ci)
    v128.store(to, f32x4.add(sumBdRe, sumAcRe))
    v128.store(to, f32x4.add(sumBdIm, sumAcIm), 16)
    v128.store(to + 2 * group, f32x4.add(difBdIm, difAcRe))
    v128.store(to + 2 * group, f32x4.add(difDbRe, difAcIm), 16)
    v128.store(mirror + group, f32x4.sub(difAcRe, difBdIm))
    v128.store(mirror + group, f32x4.sub(difDbRe, difAcIm), 16)
    v128.store(mirror + 3 * group, f32x4.sub(sumAcRe, sumBdRe))
    v128.store(mirror + 3 * group, f32x4.sub(sumBdIm, sumAcIm), 16)
  }
}

/** The highest frequency of the four, which is real. */
function joinHighest(from: usize, to: usize, group: usize, step: usize): void {
  const minusRoot = f32x4.splat(-ROOT_OF_HALF)
  const a = v128.load(from)
  const b = v128.load(from + step)
  const c = v128.load(from + 2 * step)
  const d = v128.load(from + 3 * step)
  const im = f32x4.mul(minusRoot, f32x4.add(b, d))
  const re = f32x4.mul(minusRoot, f32x4.sub(d, b))
  v128.store(to, f32x4.add(re, a))
  v128.store(to, f32x4.sub(im, c), 16)
  v128.store(to + 2 * group, f32x4.sub(a, re))
  v128.store(to + 2 * group, f32x4.add(im, c), 16)
}

/** Two transforms, one after the other, become one. */
function joinTwo(from: usize, to: usize, width: i32, turns: usize): void {
  const group = (<usize>width) << 4
  const a = v128.load(from)
  const b = v128.load(from + group)
  v128.store(to, f32x4.add(a, b))
  v128.store(to + 2 * group - 16, f32x4.sub(a, b))
  const middle = to + group - 16
  let mirror = to + 2 * group - 48
  let at = to + 16
  for (let source = from + 16; at < middle; source += 32, at += 32, mirror -= 32, turns += TURNS_OF_TWO) {
    const ar = v128.load(source)
    const ai = v128.load(source, 16)
    const br = turnedBackRe(source + group, turns)
    const bi = turnedBackIm(source + group, turns)
    v128.store(at, f32x4.add(ar, br))
    v128.store(at, f32x4.add(ai, bi), 16)
    v128.store(mirror, f32x4.sub(ar, br))
    v128.store(mirror, f32x4.sub(bi, ai), 16)
  }
  v128.store(middle, v128.load(from + group - 16))
  v128.store(middle, f32x4.neg(v128.load(from + 2 * group - 16)), 16)
}

// A complex number times the conjugate of the one at `turn`, which all lanes share.

function turnedBackRe(at: usize, turn: usize): v128 {
  return f32x4.add(
    f32x4.mul(v128.load(at), v128.load32_splat(turn)),
    f32x4.mul(v128.load(at, 16), v128.load32_splat(turn, 4)),
  )
}

function turnedBackIm(at: usize, turn: usize): v128 {
  return f32x4.sub(
    f32x4.mul(v128.load(at, 16), v128.load32_splat(turn)),
    f32x4.mul(v128.load(at), v128.load32_splat(turn, 4)),
  )
}
