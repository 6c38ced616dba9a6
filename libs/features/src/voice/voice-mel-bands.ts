/** Triangles over the bins of a power spectrum; band b weighs the bins from `first[b]` on with `weights[b]`. */
export type VoiceMelBands = { readonly first: Int32Array; readonly weights: readonly Float64Array[] }

const LOWEST_HZ = 60
const HIGHEST_HZ = 7600

/**
 * Bands equally spaced on HTK's mel scale, 2595 log10(1 + f / 700), from 60 to 7600 Hz; each band's weights sum to 1,
 * so that a band is the mean power in it.
 */
export function voiceMelBands(bands: number, { bins, binHz }: { bins: number; binHz: number }): VoiceMelBands {
  const [low, high] = [hzToMel(LOWEST_HZ), hzToMel(HIGHEST_HZ)]
  const edges = Float64Array.from({ length: bands + 2 }, (_, i) => melToHz(low + ((high - low) * i) / (bands + 1)))
  const first = new Int32Array(bands)
  const weights = Array.from({ length: bands }, (_, band) => {
    const [left, centre, right] = edges.subarray(band, band + 3)
    const triangle = Array.from({ length: bins }, (_bin, bin) =>
      Math.max(0, Math.min((bin * binHz - left) / (centre - left), (right - bin * binHz) / (right - centre))),
    )
    first[band] = triangle.findIndex((weight) => weight > 0)
    const total = triangle.reduce((sum, weight) => sum + weight, 0)
    return Float64Array.from(
      triangle.filter((weight) => weight > 0),
      (weight) => weight / total,
    )
  })
  return { first, weights }
}

function hzToMel(hz: number): number {
  return 2595 * Math.log10(1 + hz / 700)
}

function melToHz(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1)
}
