import type { Kernels } from '../kernels.ts'
import {
  COMB,
  correlateWindow,
  LAGS,
  lagTurns,
  N_FFT,
  passBandGains,
  WINDOW_SAMPLES,
  type CorrelateFrames,
} from './correlate-frame.ts'
import { createPairSpectra, flatTwiddles, putFloats64 } from './pair-spectra.ts'

const BINS = N_FFT / 2 + 1
const PAIR_BYTES = 16

/** `createFrameCorrelator` by WebAssembly kernels, two frames at once: the same values to the last bit. */
export function createFastFrameCorrelator(kernels: Kernels): CorrelateFrames {
  const { run, kernelMemory } = kernels
  const spectra = createPairSpectra(kernels, { windowSamples: WINDOW_SAMPLES, nFft: N_FFT, centred: true })
  const tables = putTables(kernels)
  const correlations = kernelMemory.reserve(2 * LAGS * PAIR_BYTES)
  // Of each frame the power, then the lags of the whole and of the low band.
  const rows = [0, 1].map(() => kernelMemory.reserve((BINS + 2 * LAGS) * 8))

  function correlate(samples: Float32Array, frame: number): void {
    spectra.transform(samples, frame)
    run.splitPairs(spectra.power, BINS, rows[0], rows[1])
    run.correlatePair(spectra.power, COMB, LAGS, tables, correlations)
    run.splitPairs(correlations, 2 * LAGS, rows[0] + BINS * 8, rows[1] + BINS * 8)
  }

  return (samples, frames, visit) => {
    const peaks = kernelMemory.floats64(spectra.peak, 2)
    const views = rows.map((row) => ({
      power: kernelMemory.floats64(row, BINS),
      full: kernelMemory.floats64(row + BINS * 8, LAGS),
      low: kernelMemory.floats64(row + (BINS + LAGS) * 8, LAGS),
      peak: 0,
    }))
    for (let frame = 0; frame < frames; frame++) {
      const lane = frame & 1
      if (lane === 0) correlate(samples, frame)
      views[lane].peak = peaks[lane]
      visit(views[lane], frame)
    }
  }
}

/** What assembly/correlate-pair.ts reads. */
function putTables({ kernelMemory }: Kernels): number {
  const tables = kernelMemory.reserve(24)
  const turns = lagTurns().flatMap(({ cos, sin }) => [...cos].flatMap((value, lag) => [value, sin[lag]]))
  const addresses = [passBandGains(), flatTwiddles(COMB), Float64Array.from(turns), correlateWindow()].map((values) =>
    putFloats64(kernelMemory, values),
  )
  const [data, scratch] = [0, 1].map(() => kernelMemory.reserve(COMB * 2 * PAIR_BYTES))
  kernelMemory.integers(tables, 6).set([...addresses, data, scratch])
  return tables
}
