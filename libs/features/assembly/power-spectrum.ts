// src/power-spectrum.ts on four frames at once, one a lane: from samples to |X[k]|^2.

import {
  COMPLEX_BYTES,
  TWIDDLE_BYTES,
  lastPassOfFour,
  lastPassOfTwo,
  passForth,
  storeTurned,
} from '../../kernels/assembly/transform-forth'

// Numbers of which all passes fit into the nearest cache together with their twiddles: 8 KB.
const NUMBERS_AT_HOME = 256

/**
 * Power spectra of four frames.
 *
 * @param frame address of the first frame's samples (float32), `hopBytes` before the second's and so on
 * @param nFft the frames' length; half of it complex numbers are transformed, even samples real, odd ones imaginary
 * @param window nFft float32, times one half (what `separate` would have to multiply with)
 * @param tables the addresses of twiddles, turns and places, as src/kernel-tables.ts writes them
 * @param data room for nFft / 2 complex numbers
 * @param power receives nFft / 2 + 1 vectors
 */
export function powerSpectrum(
  frame: usize,
  hopBytes: usize,
  nFft: i32,
  window: usize,
  twiddles: usize,
  turns: usize,
  places: usize,
  data: usize,
  power: usize,
): void {
  const half = nFft >> 1
  firstPass(frame, hopBytes, half, window, twiddles, data)
  const quarter = half >> 2
  const step = <usize>quarter * COMPLEX_BYTES
  const finer = twiddles + <usize>quarter * TWIDDLE_BYTES
  for (let part = 0; part < 4; part++, data += step) transformFrom(data, quarter, finer)
  separate(data - 4 * step, half, turns, places, power)
}

/** The first radix-4 pass, on samples as they come from four frames and their window. */
function firstPass(frame: usize, hopBytes: usize, half: i32, window: usize, turn: usize, data: usize): void {
  // A complex number is eight bytes of samples or of the window.
  const quarter = (<usize>half) << 1
  const step = <usize>(half >> 2) * COMPLEX_BYTES
  for (
    const end = frame + quarter;
    frame < end;
    frame += 8, window += 8, data += COMPLEX_BYTES, turn += TWIDDLE_BYTES
  ) {
    // Two neighbouring samples of two frames each, then even and odd ones of all four.
    const a01 = twoFrames(frame, hopBytes)
    const a23 = twoFrames(frame + 2 * hopBytes, hopBytes)
    const b01 = twoFrames(frame + quarter, hopBytes)
    const b23 = twoFrames(frame + quarter + 2 * hopBytes, hopBytes)
    const c01 = twoFrames(frame + 2 * quarter, hopBytes)
    const c23 = twoFrames(frame + 2 * quarter + 2 * hopBytes, hopBytes)
    const d01 = twoFrames(frame + 3 * quarter, hopBytes)
    const d23 = twoFrames(frame + 3 * quarter + 2 * hopBytes, hopBytes)
    const ar = f32x4.mul(v128.shuffle<f32>(a01, a23, 0, 2, 4, 6), v128.load32_splat(window))
    const ai = f32x4.mul(v128.shuffle<f32>(a01, a23, 1, 3, 5, 7), v128.load32_splat(window, 4))
    const br = f32x4.mul(v128.shuffle<f32>(b01, b23, 0, 2, 4, 6), v128.load32_splat(window + quarter))
    const bi = f32x4.mul(v128.shuffle<f32>(b01, b23, 1, 3, 5, 7), v128.load32_splat(window + quarter, 4))
    const cr = f32x4.mul(v128.shuffle<f32>(c01, c23, 0, 2, 4, 6), v128.load32_splat(window + 2 * quarter))
    const ci = f32x4.mul(v128.shuffle<f32>(c01, c23, 1, 3, 5, 7), v128.load32_splat(window + 2 * quarter, 4))
    const dr = f32x4.mul(v128.shuffle<f32>(d01, d23, 0, 2, 4, 6), v128.load32_splat(window + 3 * quarter))
    const di = f32x4.mul(v128.shuffle<f32>(d01, d23, 1, 3, 5, 7), v128.load32_splat(window + 3 * quarter, 4))
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

/** Two samples of a frame and the same two of the next. */
function twoFrames(at: usize, hopBytes: usize): v128 {
  return v128.load64_lane(at + hopBytes, v128.load64_zero(at), 1)
}

/** All other passes: depth first until a part fits into the nearest cache, then pass by pass. */
function transformFrom(data: usize, size: i32, twiddles: usize): void {
  const end = data + <usize>size * COMPLEX_BYTES
  if (size > NUMBERS_AT_HOME) {
    const quarter = size >> 2
    const step = <usize>quarter * COMPLEX_BYTES
    passForth(data, end, quarter, twiddles)
    for (; data < end; data += step) transformFrom(data, quarter, twiddles + <usize>quarter * TWIDDLE_BYTES)
    return
  }
  while (size > 4) {
    const quarter = size >> 2
    passForth(data, end, quarter, twiddles)
    twiddles += <usize>quarter * TWIDDLE_BYTES
    size = quarter
  }
  if (size == 4) lastPassOfFour(data, end)
  else if (size == 2) lastPassOfTwo(data, end)
}

/** The spectrum of the real samples out of the transform's, whose frequency k lies at the k-th of `places` (bytes). */
function separate(data: usize, half: i32, turns: usize, places: usize, power: usize): void {
  const two = f32x4.splat(2)
  const firstRe = v128.load(data)
  const firstIm = v128.load(data, 16)
  const sum = f32x4.mul(two, f32x4.add(firstRe, firstIm))
  const difference = f32x4.mul(two, f32x4.sub(firstRe, firstIm))
  const last = power + ((<usize>half) << 4)
  v128.store(power, f32x4.mul(sum, sum))
  v128.store(last, f32x4.mul(difference, difference))
  let lowPlace = places + 4
  let highPlace = places + ((<usize>(half - 1)) << 2)
  let lowPower = power + 16
  let highPower = last - 16
  for (; lowPlace <= highPlace; lowPlace += 4, highPlace -= 4, lowPower += 16, highPower -= 16) {
    turns += 8
    const low = data + load<u32>(lowPlace)
    const high = data + load<u32>(highPlace)
    const lowRe = v128.load(low)
    const lowIm = v128.load(low, 16)
    const highRe = v128.load(high)
    const highIm = v128.load(high, 16)
    const cos = v128.load32_splat(turns, 0)
    const sin = v128.load32_splat(turns, 4)
    const evenRe = f32x4.add(lowRe, highRe)
    const evenIm = f32x4.sub(lowIm, highIm)
    const oddRe = f32x4.add(lowIm, highIm)
    const oddIm = f32x4.sub(highRe, lowRe)
    const turnedRe = f32x4.add(f32x4.mul(cos, oddRe), f32x4.mul(sin, oddIm))
    const turnedIm = f32x4.sub(f32x4.mul(cos, oddIm), f32x4.mul(sin, oddRe))
    v128.store(lowPower, norm(f32x4.add(evenRe, turnedRe), f32x4.add(evenIm, turnedIm)))
    v128.store(highPower, norm(f32x4.sub(evenRe, turnedRe), f32x4.sub(evenIm, turnedIm)))
  }
}

function norm(re: v128, im: v128): v128 {
  return f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im))
}
