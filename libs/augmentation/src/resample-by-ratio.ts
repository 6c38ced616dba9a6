import { requireRange } from './errors.ts'

const ZERO_CROSSINGS = 20
const KAISER_BETA = 8
/** The -6 dB point of the filter, as a fraction of the lower of the two Nyquist frequencies. */
const ROLLOFF = 0.95
/** Rows of the filter table a sample: linear interpolation between them is off by -106 dB. */
const PHASES = 512

/** Modified Bessel function of the first kind and order zero, by its power series. */
function besselI0(x: number): number {
  let sum = 1
  let term = 1
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

type FilterTable = {
  readonly rows: Float64Array
  readonly phases: number
  readonly half: number
  readonly taps: number
  /** Whether every output falls on a row, so that none has to be interpolated. */
  readonly exact: boolean
}

/** The fewest places between two input samples on which all outputs fall, as 3 for 8 to 24 kHz; 0 where more than `most` would be needed. */
function countExactPhases(step: number, most: number): number {
  for (let count = 1; count <= most; count++) {
    if (Math.abs(step * count - Math.round(step * count)) < 1e-9) return count
  }
  return 0
}

/** Row p holds the taps for an output p / phases after an input sample; the last row is that of the next sample. */
function buildFilterTable(ratio: number): FilterTable {
  const scale = ROLLOFF * Math.min(1, ratio)
  const half = Math.ceil(ZERO_CROSSINGS / scale)
  const taps = 2 * half
  const fine = Math.max(32, Math.ceil(PHASES * scale))
  const exactPhases = countExactPhases(1 / ratio, fine)
  const phases = exactPhases || fine
  const center = besselI0(KAISER_BETA)
  const rows = new Float64Array((phases + 1) * taps)
  for (let p = 0; p <= phases; p++) {
    for (let j = 0; j < taps; j++) {
      const d = j - half + 1 - p / phases
      const edge = 1 - (d / half) ** 2
      if (edge <= 0) continue
      const x = Math.PI * scale * d
      const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x
      rows[p * taps + j] = scale * sinc * (besselI0(KAISER_BETA * Math.sqrt(edge)) / center)
    }
  }
  return { rows, phases, half, taps, exact: exactPhases > 0 }
}

/** The sum of products of the input from `start` on with a row that lies between two: in one loop, since each sum waits for itself. */
function dotBetween(
  { rows, taps }: FilterTable,
  { row, fraction }: { readonly row: number; readonly fraction: number },
  input: Float64Array,
  start: number,
): number {
  const from = row * taps
  const next = from + taps
  let lower = 0
  let upper = 0
  for (let j = 0; j < taps; j++) {
    const value = input[start + j]
    lower += rows[from + j] * value
    upper += rows[next + j] * value
  }
  return lower + fraction * (upper - lower)
}

/** The sum of `taps` products of a row and the input from `start` on. */
function dotRow(rows: Float64Array, row: number, taps: number, input: Float64Array, start: number): number {
  let sum = 0
  for (let j = 0; j < taps; j++) sum += rows[row * taps + j] * input[start + j]
  return sum
}

/**
 * Resamples by any ratio with a Kaiser-windowed sinc (20 zero crossings a side, about -80 dB in the stop band). It is for ratios that are no
 * quotient of two sample rates, as pitch shifts need; features are computed on `@ser/audio`'s resampler.
 * @param ratio samples out for each sample in, 1/64 to 64.
 * @param length of the output; `round(samples.length * ratio)` by default. Beyond the input there is silence.
 */
export function resampleByRatio(samples: Float32Array, ratio: number, length?: number): Float32Array {
  requireRange('ratio', ratio, 1 / 64, 64)
  const output = new Float32Array(length ?? Math.max(Math.min(1, samples.length), Math.round(samples.length * ratio)))
  if (ratio === 1) {
    output.set(samples.subarray(0, output.length))
    return output
  }
  const table = buildFilterTable(ratio)
  const { rows, phases, half, taps, exact } = table
  const padded = new Float64Array(Math.max(samples.length, Math.ceil(output.length / ratio) + 1) + 2 * half)
  padded.set(samples, half - 1)
  for (let i = 0; i < output.length; i++) {
    const position = i / ratio
    const start = Math.floor(position)
    const phase = (position - start) * phases
    const row = Math.floor(phase)
    output[i] = exact
      ? dotRow(rows, Math.round(phase), taps, padded, start)
      : dotBetween(table, { row, fraction: phase - row }, padded, start)
  }
  return output
}
