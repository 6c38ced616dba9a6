import { computeLogits, type Model } from './build-model.ts'

/** How many recordings go through the network at once; with [170, 1] one batch takes about 0.3 GB for a moment. */
const BATCH_SIZE = 256

/**
 * The probability of each class for each recording.
 *
 * @param vectors row major, one row of F values a recording: raw features, as in training
 * @returns row major, one row of `classes` probabilities a recording; a row sums to 1
 */
export function predictProbabilities(model: Model, vectors: Float32Array): Float32Array {
  const { classes } = model.architecture
  const probabilities = predictLogits(model, vectors)
  for (let start = 0; start < probabilities.length; start += classes) {
    softmaxInPlace(probabilities.subarray(start, start + classes))
  }
  return probabilities
}

/** The outputs before the softmax, laid out as those of `predictProbabilities`. */
export function predictLogits(model: Model, vectors: Float32Array): Float32Array {
  const { tf, architecture } = model
  const { features, classes } = architecture
  const count = vectors.length / features
  if (!Number.isInteger(count)) throw new RangeError(`${vectors.length} values are not rows of ${features}`)
  const logits = new Float32Array(count * classes)
  for (let start = 0; start < count; start += BATCH_SIZE) {
    const end = Math.min(count, start + BATCH_SIZE)
    const batch = tf.tidy(() =>
      computeLogits(
        model,
        tf.tensor2d(vectors.subarray(start * features, end * features), [end - start, features]),
      ).dataSync(),
    )
    logits.set(batch, start * classes)
  }
  return logits
}

/** ln(sum(exp(values))), without overflow. */
export function logSumExp(values: Float32Array): number {
  const greatest = values.reduce((a, b) => Math.max(a, b), -Infinity)
  return greatest + Math.log(values.reduce((total, value) => total + Math.exp(value - greatest), 0))
}

function softmaxInPlace(values: Float32Array): void {
  const scale = logSumExp(values)
  for (let i = 0; i < values.length; i++) values[i] = Math.exp(values[i] - scale)
}
