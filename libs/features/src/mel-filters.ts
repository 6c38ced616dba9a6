/** A bank of triangular filters, stored without the zeros. */
export type MelFilters = {
  /** First FFT bin of each band. */
  readonly start: Int32Array
  /** Where each band's weights begin in `weights`; one more entry than bands. */
  readonly offset: Int32Array
  readonly weights: Float64Array
  /** nMels + 2 frequencies: band b rises from edge b to edge b + 1 and falls to edge b + 2. */
  readonly edgesHz: Float64Array
}

export type MelFilterOptions = { readonly sampleRate: number; readonly nFft: number; readonly nMels: number }

/**
 * librosa.filters.mel: Slaney's mel scale (linear below 1 kHz, logarithmic above), Slaney's norm (each triangle
 * has unit area over Hz), 0 Hz to half the sample rate. Weights are rounded to float32 twice, as librosa rounds them.
 */
export function melFilters({ sampleRate, nFft, nMels }: MelFilterOptions): MelFilters {
  const edgesHz = melEdgesHz(sampleRate / 2, nMels)
  const bins = nFft / 2 + 1
  const start = new Int32Array(nMels)
  const offset = new Int32Array(nMels + 1)
  const weights: number[] = []
  for (let band = 0; band < nMels; band++) {
    const [low, centre, high] = [edgesHz[band], edgesHz[band + 1], edgesHz[band + 2]]
    const norm = 2 / (high - low)
    let first = -1
    for (let bin = 0; bin < bins; bin++) {
      const hz = (bin * sampleRate) / nFft
      const triangle = Math.min((hz - low) / (centre - low), (high - hz) / (high - centre))
      if (triangle <= 0) continue
      if (first < 0) first = bin
      weights.push(Math.fround(Math.fround(triangle) * norm))
    }
    start[band] = Math.max(first, 0)
    offset[band + 1] = weights.length
  }
  return { start, offset, weights: Float64Array.from(weights), edgesHz }
}

/** nMels + 2 frequencies, equally spaced on the mel scale from 0 Hz to `highestHz`. */
function melEdgesHz(highestHz: number, nMels: number): Float64Array {
  const highest = hzToMel(highestHz)
  return Float64Array.from({ length: nMels + 2 }, (_, edge) => melToHz((highest * edge) / (nMels + 1)))
}

// Slaney, Auditory Toolbox: 200/3 Hz a mel up to 1 kHz, above it 27 mels for a factor of 6.4.
const HZ_PER_MEL = 200 / 3
const LOG_FROM_HZ = 1000
const LOG_FROM_MEL = LOG_FROM_HZ / HZ_PER_MEL
const LOG_STEP = Math.log(6.4) / 27

function hzToMel(hz: number): number {
  return hz < LOG_FROM_HZ ? hz / HZ_PER_MEL : LOG_FROM_MEL + Math.log(hz / LOG_FROM_HZ) / LOG_STEP
}

function melToHz(mel: number): number {
  return mel < LOG_FROM_MEL ? mel * HZ_PER_MEL : LOG_FROM_HZ * Math.exp(LOG_STEP * (mel - LOG_FROM_MEL))
}
