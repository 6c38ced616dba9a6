// src/mel-spectrogram.ts on two frames at once.

import { complexFft } from '../../kernels/assembly/complex-fft'
import { powerSpectrum } from './power-spectrum'

/**
 * The mel spectrogram of `frameCount` frames. Everything lies in memory where the caller has put it.
 *
 * @param samples float32, with half a frame of zeros before and enough behind that every pair of frames is inside
 * @param tables the addresses of the tables and buffers, 8 unsigned integers: window (float64), twiddles, turns,
 *   data, scratch, power, filters (per band: first bin, bins; then the weights), mel
 */
export function melSpectrogram(samples: usize, frameCount: i32, nFft: i32, hop: i32, bands: i32, tables: usize): void {
  const window = load<u32>(tables, 0)
  const twiddles = load<u32>(tables, 4)
  const turns = load<u32>(tables, 8)
  const data = load<u32>(tables, 12)
  const scratch = load<u32>(tables, 16)
  const power = load<u32>(tables, 20)
  const filters = load<u32>(tables, 24)
  const half = nFft >> 1
  let mel: usize = load<u32>(tables, 28)
  const row = (<usize>bands) << 3
  for (let frame = 0; frame < frameCount; frame += 2) {
    const first = samples + ((<usize>(frame * hop)) << 2)
    windowFrames(first, first + ((<usize>hop) << 2), window, nFft, data)
    powerSpectrum(complexFft(data, scratch, half, twiddles), half, turns, power)
    applyFilters(power, filters, bands, mel, mel + row)
    mel += row << 1
  }
}

/** Two frames times the window, one a lane, even samples as real and odd ones as imaginary parts. */
function windowFrames(first: usize, second: usize, window: usize, length: i32, target: usize): void {
  for (let n = 0; n < length; n += 2, first += 8, second += 8, window += 16, target += 32) {
    // Lanes now: two neighbours of one frame; wanted: one sample of either frame.
    const a = f64x2.promote_low_f32x4(v128.load64_zero(first))
    const b = f64x2.promote_low_f32x4(v128.load64_zero(second))
    const even = v128.shuffle<f64>(a, b, 0, 2)
    const odd = v128.shuffle<f64>(a, b, 1, 3)
    v128.store(target, f64x2.mul(even, v128.load64_splat(window, 0)))
    v128.store(target, f64x2.mul(odd, v128.load64_splat(window, 8)), 16)
  }
}

/** One dot product a band with the bins that it covers. */
function applyFilters(power: usize, filters: usize, bands: i32, first: usize, second: usize): void {
  let weights = filters + ((<usize>bands) << 3)
  for (let band = 0; band < bands; band++, first += 8, second += 8) {
    let bin = power + ((<usize>load<u32>(filters, 0)) << 4)
    const end = weights + ((<usize>load<u32>(filters, 4)) << 3)
    filters += 8
    let sum = f64x2.splat(0)
    for (; weights < end; weights += 8, bin += 16) {
      sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(weights), v128.load(bin)))
    }
    store<f64>(first, f64x2.extract_lane(sum, 0))
    store<f64>(second, f64x2.extract_lane(sum, 1))
  }
}
