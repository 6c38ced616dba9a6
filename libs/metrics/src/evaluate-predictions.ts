import type { Evaluation } from '@ser/contracts'
import { classFigures, share } from './class-figures.ts'
import { confusionMatrix } from './confusion-matrix.ts'
import { accuracy, macroF1, unweightedAverageRecall } from './summary-figures.ts'

/** Probabilities are clipped from below before the logarithm, as Keras clips them. */
const SMALLEST_PROBABILITY = 1e-7

export type Predictions = {
  /** The true class of each recording. */
  readonly truth: ArrayLike<number>
  /** Row major, one row a recording, one probability a class. */
  readonly probabilities: ArrayLike<number>
  /** The classes' names, in the order of the probabilities. */
  readonly labels: readonly string[]
}

/**
 * Everything that is told of a model's predictions: confusion matrix, accuracy, unweighted average recall, macro F1, the
 * figures of each class, and the mean cross-entropy in nats (probabilities clipped at 1e-7, Keras' convention).
 * The predicted class is the most probable one; of equals the first.
 *
 * @throws RangeError when the sizes do not fit, a label is no class, or a probability is not a number
 */
export function evaluatePredictions({ truth, probabilities, labels }: Predictions): Evaluation {
  const classes = labels.length
  if (probabilities.length !== truth.length * classes) {
    throw new RangeError(`${probabilities.length} probabilities for ${truth.length} recordings of ${classes} classes`)
  }
  const confusion = confusionMatrix(truth, mostProbable(probabilities, classes), classes)
  return {
    labels: [...labels],
    confusion,
    accuracy: accuracy(confusion),
    uar: unweightedAverageRecall(confusion),
    macroF1: macroF1(confusion),
    loss: crossEntropy(truth, probabilities, classes),
    perClass: classFigures(confusion, labels),
  }
}

/** The index of the greatest value of each row of `classes` values; of equals the first. */
export function mostProbable(probabilities: ArrayLike<number>, classes: number): Int32Array {
  const indices = new Int32Array(probabilities.length / classes)
  for (let row = 0; row < indices.length; row++) {
    let best = 0
    for (let column = 0; column < classes; column++) {
      const value = probabilities[row * classes + column]
      if (Number.isNaN(value))
        throw new RangeError(`the probability of class ${column} of recording ${row} is not a number`)
      if (value > probabilities[row * classes + best]) best = column
    }
    indices[row] = best
  }
  return indices
}

function crossEntropy(truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): number {
  let total = 0
  for (let row = 0; row < truth.length; row++) {
    total -= Math.log(Math.max(probabilities[row * classes + truth[row]], SMALLEST_PROBABILITY))
  }
  return share(total, truth.length)
}
