import { share, sum } from './class-figures.ts'
import { mostProbable, type Predictions } from './evaluate-predictions.ts'

/** The recordings whose confidence, the probability of the predicted class, lies in (low, high]. */
export type CalibrationBin = {
  readonly low: number
  readonly high: number
  readonly count: number
  /** Their mean confidence. */
  readonly confidence: number
  /** The share that is right. */
  readonly accuracy: number
}

export type Calibration = {
  /** Expected calibration error, 0 to 1: the mean of |accuracy - confidence| over the recordings. */
  readonly ece: number
  /** The reliability curve: the bins that hold a recording, from low to high. */
  readonly bins: readonly CalibrationBin[]
}

type Tally = { count: number; confidence: number; right: number }

/**
 * How far a model's confidence can be trusted: expected calibration error and reliability curve of the predicted class, by Guo et al., "On
 * Calibration of Modern Neural Networks", 2017, section 2: bins of equal width, closed on the right (as scikit-learn's
 * `calibration_curve(strategy='uniform')`), 15 by default.
 *
 * @throws RangeError when the sizes do not fit or a probability is not a number
 */
export function calibrate({ truth, probabilities, labels }: Predictions, binCount = 15): Calibration {
  const classes = labels.length
  if (probabilities.length !== truth.length * classes) {
    throw new RangeError(`${probabilities.length} probabilities for ${truth.length} recordings of ${classes} classes`)
  }
  const tallies: Tally[] = Array.from({ length: binCount }, () => ({ count: 0, confidence: 0, right: 0 }))
  for (const [row, predicted] of mostProbable(probabilities, classes).entries()) {
    const confidence = probabilities[row * classes + predicted]
    const tally = tallies[binOf(confidence, binCount)]
    tally.count += 1
    tally.confidence += confidence
    tally.right += predicted === truth[row] ? 1 : 0
  }
  const gaps = tallies.map(({ confidence, right }) => Math.abs(confidence - right))
  const bins = tallies.map(({ count, confidence, right }, index) => ({
    low: index / binCount,
    high: (index + 1) / binCount,
    count,
    confidence: share(confidence, count),
    accuracy: share(right, count),
  }))
  return { ece: share(sum(gaps), truth.length), bins: bins.filter(({ count }) => count > 0) }
}

/** A confidence that rounding has put a little above 1 belongs to the last bin. */
function binOf(confidence: number, binCount: number): number {
  return Math.min(binCount - 1, Math.max(0, Math.ceil(confidence * binCount) - 1))
}
