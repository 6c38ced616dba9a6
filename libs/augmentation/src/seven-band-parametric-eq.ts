import { requireInteger } from './errors.ts'
import { highShelfFilter } from './high-shelf-filter.ts'
import { lowShelfFilter } from './low-shelf-filter.ts'
import { peakingFilter } from './peaking-filter.ts'
import type { SeededRandom } from './random.ts'

export type EqBand = { readonly centerHz: number; readonly gainDb: number; readonly q: number }

/** Seven bands from low to high: a low shelf, five bells, a high shelf. */
export type SevenBandParametricEqParams = { readonly bands: readonly EqBand[] }

/** Where audiomentations draws the centres, Hz. */
const CENTER_RANGES = [
  [42, 95],
  [91, 204],
  [196, 441],
  [421, 948],
  [909, 2045],
  [1957, 4404],
  [4216, 9486],
] as const

/** Random bands: centres evenly on a logarithmic scale, gains evenly in dB, Q 0.1 to 0.999 for shelves and 0.5 to 5 for bells. */
export function drawEqBands(random: SeededRandom, gainDb: readonly [number, number]): EqBand[] {
  return CENTER_RANGES.map(([low, high], index) => {
    const shelf = index === 0 || index === CENTER_RANGES.length - 1
    return {
      centerHz: Math.exp(random.uniform(Math.log(low), Math.log(high))),
      gainDb: random.uniform(...gainDb),
      q: shelf ? random.uniform(0.1, 0.999) : random.uniform(0.5, 5),
    }
  })
}

/**
 * An equaliser of seven bands (audiomentations' SevenBandParametricEQ; `drawEqBands` draws them as it does).
 * @returns as many samples. Bands beyond the recording's bandwidth do nothing. Not at the input's level: an equaliser changes it.
 */
export function sevenBandParametricEq(
  samples: Float32Array,
  sampleRate: number,
  { bands }: SevenBandParametricEqParams,
): Float32Array {
  requireInteger('number of bands', bands.length, 7, 7)
  let signal: Float32Array = samples.slice()
  for (const [index, band] of bands.entries()) {
    const filter = index === 0 ? lowShelfFilter : index === bands.length - 1 ? highShelfFilter : peakingFilter
    signal = filter(signal, sampleRate, band)
  }
  return signal
}
