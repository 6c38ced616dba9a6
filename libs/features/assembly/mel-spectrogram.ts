// src/mel-spectrogram.ts on four frames at once.

import { powerSpectrum } from './power-spectrum'

/**
 * The mel spectrogram of `frameCount` frames. Everything lies in memory where the caller has put it.
 *
 * @param samples float32, with half a frame of zeros before and enough behind that every four frames are inside
 * @param bands a multiple of four
 * @param tables the addresses of the tables and buffers, unsigned integers: window, twiddles, turns, places, data,
 *   power, filters, and one row of four vectors a band
 * @param mel receives float32 [frames, made a multiple of four][bands]
 */
export function melSpectrogram(
  samples: usize,
  frameCount: i32,
  nFft: i32,
  hop: i32,
  bands: i32,
  tables: usize,
  mel: usize,
): void {
  const window = load<u32>(tables, 0)
  const twiddles = load<u32>(tables, 4)
  const turns = load<u32>(tables, 8)
  const places = load<u32>(tables, 12)
  const data = load<u32>(tables, 16)
  const power = load<u32>(tables, 20)
  const filters = load<u32>(tables, 24)
  const columns = load<u32>(tables, 28)
  const hopBytes = (<usize>hop) << 2
  const rowBytes = (<usize>bands) << 2
  for (let frame = 0; frame < frameCount; frame += 4) {
    powerSpectrum(samples, hopBytes, nFft, window, twiddles, turns, places, data, power)
    applyFilters(power, filters, bands, columns)
    writeRows(columns, rowBytes, mel)
    samples += hopBytes << 2
    mel += rowBytes << 2
  }
}

/**
 * Triangles overlap so that every bin lies on one rising and one falling side: the bins between two edges are read
 * once, for the side of the band that rises there and for that of the band before, which falls.
 *
 * @param filters first bin of the first band; per band the bins from its lower edge to its centre; the bins from the
 *   last centre on; then per bin the weight of the rising and of the falling side
 */
function applyFilters(power: usize, filters: usize, bands: i32, columns: usize): void {
  let weights = filters + ((<usize>(bands + 2)) << 2)
  let bin = power + ((<usize>load<u32>(filters)) << 4)
  let before = f32x4.splat(0)
  for (let band = 0; band <= bands; band++) {
    filters += 4
    const end = bin + ((<usize>load<u32>(filters)) << 4)
    let rising = f32x4.splat(0)
    let falling = before
    for (; bin < end; bin += 16, weights += 8) {
      const value = v128.load(bin)
      rising = f32x4.add(rising, f32x4.mul(v128.load32_splat(weights), value))
      falling = f32x4.add(falling, f32x4.mul(v128.load32_splat(weights, 4), value))
    }
    // The band before is complete; there is none before the first.
    if (band > 0) v128.store(columns + ((<usize>(band - 1)) << 4), falling)
    before = rising
  }
}

/** From a vector a band (four frames) to a row a frame. */
function writeRows(columns: usize, rowBytes: usize, mel: usize): void {
  for (const end = mel + rowBytes; mel < end; mel += 16, columns += 64) {
    const a = v128.load(columns)
    const b = v128.load(columns, 16)
    const c = v128.load(columns, 32)
    const d = v128.load(columns, 48)
    const lowAb = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
    const lowCd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
    const highAb = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
    const highCd = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
    v128.store(mel, v128.shuffle<f64>(lowAb, lowCd, 0, 2))
    v128.store(mel + rowBytes, v128.shuffle<f64>(lowAb, lowCd, 1, 3))
    v128.store(mel + 2 * rowBytes, v128.shuffle<f64>(highAb, highCd, 0, 2))
    v128.store(mel + 3 * rowBytes, v128.shuffle<f64>(highAb, highCd, 1, 3))
  }
}
