import { arrangeRecordings, checkLengths, partsOf, recordingsByLength, type Recordings } from './batch-examples.ts'
import { computeLogits, type Model } from './build-model.ts'
import { normaliseInputs, type Inputs } from './normalise-inputs.ts'

/** How many recordings go through the network at once; with [170, 1] one batch takes about 0.3 GB for a moment. */
const BATCH_SIZE = 256

/**
 * The probability of each class for each recording.
 *
 * @param vectors row major: raw features, as in training; one row of F values a recording, or in the layout `frames` one a frame
 * @param lengths in the layout `frames` how many frames each recording has; absent: all are of one recording
 * @returns row major, one row of `classes` probabilities a recording; a row sums to 1
 * @throws SerError SEQUENCE_TOO_SHORT (bad-input)
 */
export function predictProbabilities(model: Model, vectors: Float32Array, lengths?: Uint32Array): Float32Array {
  return predictInputs(model, { vectors, ...(lengths === undefined ? {} : { lengths }) })
}

/**
 * The same, and a model that normalises by speaker is told whose each recording is.
 *
 * @throws SerError SEQUENCE_TOO_SHORT (bad-input)
 */
export function predictInputs(model: Model, inputs: Inputs): Float32Array {
  const { architecture, normalisation } = model
  const { features, layout, classes } = architecture
  const { vectors, speakers } = inputs
  const rows = vectors.length / features
  if (!Number.isInteger(rows)) throw new RangeError(`${vectors.length} values are not rows of ${features}`)
  const lengths = inputs.lengths ?? (layout === 'frames' ? Uint32Array.of(rows) : undefined)
  if (lengths !== undefined && lengths.reduce((total, length) => total + length, 0) !== rows) {
    throw new RangeError(`the lengths do not add up to ${rows} frames`)
  }
  if (speakers !== undefined && speakers.length !== (lengths?.length ?? rows)) {
    throw new RangeError(`${speakers.length} speakers of ${lengths?.length ?? rows} recordings`)
  }
  if (layout === 'frames') checkLengths(architecture, lengths ?? Uint32Array.of(rows), 'asked')
  const located = lengths === undefined ? inputs : { ...inputs, lengths }
  const normalised = normaliseInputs(located, features, normalisation)
  const probabilities = predictLogits(model, arrangeRecordings(architecture, normalised.vectors, lengths))
  for (let start = 0; start < probabilities.length; start += classes) {
    softmaxInPlace(probabilities.subarray(start, start + classes))
  }
  return probabilities
}

/** The outputs before the softmax, of recordings that are normalised, laid out as those of `predictProbabilities`. */
export function predictLogits(model: Model, recordings: Recordings): Float32Array {
  const { classes } = model.architecture
  const logits = new Float32Array(recordings.count * classes)
  const order = recordingsByLength(recordings)
  for (let start = 0; start < order.length; start += BATCH_SIZE) {
    for (const part of partsOf(order.subarray(start, start + BATCH_SIZE), recordings.lengthOf)) {
      const values = model.tf.tidy(() => computeLogits(model, recordings.gather(part)).dataSync<'float32'>())
      for (const [place, recording] of part.entries()) {
        logits.set(values.subarray(place * classes, (place + 1) * classes), recording * classes)
      }
    }
  }
  return logits
}

/** ln(sum(exp(values))), without overflow. */
export function logSumExp(values: Float32Array): number {
  let greatest = -Infinity
  for (let at = 0; at < values.length; at++) greatest = Math.max(greatest, values[at])
  let total = 0
  for (let at = 0; at < values.length; at++) total += Math.exp(values[at] - greatest)
  return greatest + Math.log(total)
}

function softmaxInPlace(values: Float32Array): void {
  const scale = logSumExp(values)
  for (let i = 0; i < values.length; i++) values[i] = Math.exp(values[i] - scale)
}
