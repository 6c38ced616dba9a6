// The transform of src/complex-fft.ts by decimation in frequency, in place, on four signals at once: a complex number
// is two vectors, four real parts and four imaginary parts, and each lane holds another signal. No lane ever meets
// another, so the transform needs no shuffles. It leaves the frequencies in digit-reversed order (src/digit-reversed.ts).

/** Bytes of one complex number of all four lanes, and of one butterfly's three turns (w, w^2, w^3). */
export const COMPLEX_BYTES: usize = 32
export const TWIDDLE_BYTES: usize = 24

/**
 * One radix-4 pass over every run of 4 `quarter` numbers from `data` to `end`: butterflies of the numbers p,
 * p + quarter ..., then a turn.
 *
 * @param twiddles those of this pass, `quarter` times three
 */
export function passForth(data: usize, end: usize, quarter: i32, twiddles: usize): void {
  const step = <usize>quarter * COMPLEX_BYTES
  for (; data < end; data += 3 * step) {
    let turn = twiddles
    for (const runEnd = data + step; data < runEnd; data += COMPLEX_BYTES, turn += TWIDDLE_BYTES) {
      const ar = v128.load(data)
      const ai = v128.load(data, 16)
      const br = v128.load(data + step)
      const bi = v128.load(data + step, 16)
      const cr = v128.load(data + 2 * step)
      const ci = v128.load(data + 2 * step, 16)
      const dr = v128.load(data + 3 * step)
      const di = v128.load(data + 3 * step, 16)
      const sumAcRe = f32x4.add(ar, cr)
      const sumAcIm = f32x4.add(ai, ci)
      const difAcRe = f32x4.sub(ar, cr)
      const difAcIm = f32x4.sub(ai, ci)
      const sumBdRe = f32x4.add(br, dr)
      const sumBdIm = f32x4.add(bi, di)
      const difBdRe = f32x4.sub(br, dr)
      const difBdIm = f32x4.sub(bi, di)
      v128.store(data, f32x4.add(sumAcRe, sumBdRe))
      v128.store(data, f32x4.add(sumAcIm, sumBdIm), 16)
      storeTurned(data + step, f32x4.add(difAcRe, difBdIm), f32x4.sub(difAcIm, difBdRe), turn)
      storeTurned(data + 2 * step, f32x4.sub(sumAcRe, sumBdRe), f32x4.sub(sumAcIm, sumBdIm), turn + 8)
      storeTurned(data + 3 * step, f32x4.sub(difAcRe, difBdIm), f32x4.add(difAcIm, difBdRe), turn + 16)
    }
  }
}

/** Stores a complex number times the one at `turn`, which all lanes share. */
export function storeTurned(at: usize, re: v128, im: v128, turn: usize): void {
  const turnRe = v128.load32_splat(turn)
  const turnIm = v128.load32_splat(turn, 4)
  v128.store(at, f32x4.sub(f32x4.mul(re, turnRe), f32x4.mul(im, turnIm)))
  v128.store(at, f32x4.add(f32x4.mul(re, turnIm), f32x4.mul(im, turnRe)), 16)
}

/** The last pass, of four numbers that follow each other: it turns by nothing. */
export function lastPassOfFour(data: usize, end: usize): void {
  for (; data < end; data += 4 * COMPLEX_BYTES) {
    const ar = v128.load(data)
    const ai = v128.load(data, 16)
    const br = v128.load(data, 32)
    const bi = v128.load(data, 48)
    const cr = v128.load(data, 64)
    const ci = v128.load(data, 80)
    const dr = v128.load(data, 96)
    const di = v128.load(data, 112)
    const sumAcRe = f32x4.add(ar, cr)
    const sumAcIm = f32x4.add(ai, ci)
    const difAcRe = f32x4.sub(ar, cr)
    const difAcIm = f32x4.sub(ai, ci)
    const sumBdRe = f32x4.add(br, dr)
    const sumBdIm = f32x4.add(bi, di)
    const difBdRe = f32x4.sub(br, dr)
    const difBdIm = f32x4.sub(bi, di)
    v128.store(data, f32x4.add(sumAcRe, sumBdRe))
    v128.store(data, f32x4.add(sumAcIm, sumBdIm), 16)
    v128.store(data, f32x4.add(difAcRe, difBdIm), 32)
    v128.store(data, f32x4.sub(difAcIm, difBdRe), 48)
    v128.store(data, f32x4.sub(sumAcRe, sumBdRe), 64)
    v128.store(data, f32x4.sub(sumAcIm, sumBdIm), 80)
    v128.store(data, f32x4.sub(difAcRe, difBdIm), 96)
    v128.store(data, f32x4.add(difAcIm, difBdRe), 112)
  }
}

/** The last pass where the size is twice a power of four. */
export function lastPassOfTwo(data: usize, end: usize): void {
  for (; data < end; data += 2 * COMPLEX_BYTES) {
    const ar = v128.load(data)
    const ai = v128.load(data, 16)
    const br = v128.load(data, 32)
    const bi = v128.load(data, 48)
    v128.store(data, f32x4.add(ar, br))
    v128.store(data, f32x4.add(ai, bi), 16)
    v128.store(data, f32x4.sub(ar, br), 32)
    v128.store(data, f32x4.sub(ai, bi), 48)
  }
}
