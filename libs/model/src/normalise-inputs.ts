import { applySpeakers, fitSpeakers, type SpeakerNormalisation } from './normalise-speakers.ts'

/** Recordings as they come, before any normalisation. */
export type Inputs = {
  /** Row major, F raw features a recording; in the layout `frames` F a frame, one recording's frames after the other's. */
  readonly vectors: Float32Array
  /** How many frames each recording has; for the layout `frames`, and only for it. */
  readonly lengths?: Uint32Array
  /**
   * Whose each recording is, by any numbers, for a model that normalises by speaker: recordings of one number are of one speaker
   * under like conditions. Absent: of nobody known, and each is normalised by the training speakers' statistics.
   */
  readonly speakers?: Uint32Array
}

/** What is done with features before the network sees them, stored with the model; in this order. */
export type Normalisation = {
  /** The columns [start, end) that hold power, and become decibels: 10 log10, at least -100 dB. */
  readonly decibel?: readonly [start: number, end: number]
  /** Standardisation by the recordings at hand of each speaker. */
  readonly speaker?: SpeakerNormalisation
  /** Of each value over the training side, F values each; the value minus its mean is divided by its deviation. */
  readonly standard?: { readonly mean: Float32Array; readonly deviation: Float32Array }
}

export type NormalisationOptions = Inputs & {
  /** Of the training side alone. */
  readonly vectors: Float32Array
  readonly features: number
  readonly decibel?: readonly [start: number, end: number]
  /** Whether to standardise by speaker, and by the training side after that. */
  readonly speaker?: boolean
  /** Whether to standardise. */
  readonly standard?: boolean
}

/** The least power: -100 dB, librosa's `amin` of power_to_db. */
const LEAST_POWER = 1e-10

/**
 * Takes the figures of the normalisation from the training side. A value that never changes is only centred.
 *
 * @throws SerError SPEAKERS_UNKNOWN (bad-input) when no speaker of the training side has enough recordings to be normalised by
 */
export function fitNormalisation({
  features,
  decibel,
  speaker = false,
  standard = speaker,
  ...inputs
}: NormalisationOptions): Normalisation {
  const scale = decibel === undefined ? {} : { decibel }
  const scaled = normaliseInputs(inputs, features, scale)
  const bySpeaker = speaker ? { speaker: fitSpeakers(scaled, features) } : {}
  if (!standard) return { ...scale, ...bySpeaker }
  return { ...scale, ...bySpeaker, standard: moments(normaliseInputs(scaled, features, bySpeaker).vectors, features) }
}

/** Inputs with normalised rows as new values; without a normalisation, those that were given. */
export function normaliseInputs(inputs: Inputs, features: number, normalisation: Normalisation = {}): Inputs {
  const { decibel, speaker, standard } = normalisation
  if (decibel === undefined && speaker === undefined && standard === undefined) return inputs
  const vectors = inputs.vectors.slice()
  if (decibel !== undefined) toDecibels(vectors, features, decibel)
  if (speaker !== undefined) applySpeakers({ ...inputs, vectors }, features, speaker)
  if (standard !== undefined) standardise(vectors, features, standard)
  return { ...inputs, vectors }
}

function toDecibels(vectors: Float32Array, features: number, [start, end]: readonly [number, number]): void {
  for (let row = 0; row < vectors.length; row += features) {
    for (let column = row + start; column < row + end; column++) {
      vectors[column] = 10 * Math.log10(Math.max(LEAST_POWER, vectors[column]))
    }
  }
}

function standardise(
  vectors: Float32Array,
  features: number,
  { mean, deviation }: NonNullable<Normalisation['standard']>,
): void {
  for (let row = 0; row < vectors.length; row += features) {
    for (let column = 0; column < features; column++) {
      vectors[row + column] = (vectors[row + column] - mean[column]) / deviation[column]
    }
  }
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
