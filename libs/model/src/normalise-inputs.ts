/**
 * What is done with features before the network sees them, stored with the model.
 *
 * Standardisation per speaker would be no part of it: its means are of the recordings at hand, not of the training side, so it
 * belongs before `fitNormalisation`.
 */
export type Normalisation = {
  /** The columns [start, end) that hold power, and become decibels: 10 log10, at least -100 dB. First of all. */
  readonly decibel?: readonly [start: number, end: number]
  /** Of each value over the training side, F values each; the value minus its mean is divided by its deviation. */
  readonly standard?: { readonly mean: Float32Array; readonly deviation: Float32Array }
}

export type NormalisationOptions = {
  /** Of the training side alone, row major, F values a row: one row a recording, or one a frame. */
  readonly vectors: Float32Array
  readonly features: number
  readonly decibel?: readonly [start: number, end: number]
  /** Whether to standardise. */
  readonly standard?: boolean
}

/** The least power: -100 dB, librosa's `amin` of power_to_db. */
const LEAST_POWER = 1e-10

/** Takes the figures of the normalisation from the training side. A value that never changes is only centred. */
export function fitNormalisation({
  vectors,
  features,
  decibel,
  standard = false,
}: NormalisationOptions): Normalisation {
  const scale = decibel === undefined ? {} : { decibel }
  return standard ? { ...scale, standard: moments(normaliseInputs(vectors, features, scale), features) } : scale
}

/** Normalised rows as new values; without a normalisation, the rows that were given. */
export function normaliseInputs(
  vectors: Float32Array,
  features: number,
  { decibel, standard }: Normalisation = {},
): Float32Array {
  if (decibel === undefined && standard === undefined) return vectors
  const normalised = vectors.slice()
  const [start, end] = decibel ?? [0, 0]
  for (let row = 0; row < vectors.length; row += features) {
    for (let column = row + start; column < row + end; column++) {
      normalised[column] = 10 * Math.log10(Math.max(LEAST_POWER, normalised[column]))
    }
    if (standard === undefined) continue
    const { mean, deviation } = standard
    for (let column = 0; column < features; column++) {
      normalised[row + column] = (normalised[row + column] - mean[column]) / deviation[column]
    }
  }
  return normalised
}

/** Mean and (population) deviation of each column; two passes in float64. */
function moments(vectors: Float32Array, features: number): NonNullable<Normalisation['standard']> {
  const rows = vectors.length / features
  const mean = new Float64Array(features)
  const variance = new Float64Array(features)
  for (let at = 0; at < vectors.length; at++) mean[at % features] += vectors[at] / rows
  for (let at = 0; at < vectors.length; at++) {
    variance[at % features] += (vectors[at] - mean[at % features]) ** 2 / rows
  }
  const deviation = Float32Array.from(variance, (value) => Math.fround(Math.sqrt(value)))
  // What is constant but for rounding would blow up the rounding.
  const isConstant = (column: number) => !(deviation[column] > 1e-6 * Math.abs(mean[column]))
  return {
    mean: Float32Array.from(mean),
    deviation: deviation.map((value, column) => (isConstant(column) ? 1 : value)),
  }
}
