import { logSumExp } from './predict-probabilities.ts'

/** Sums over recordings; divided by `count` they are loss (nats) and accuracy. */
export type Score = { readonly lossSum: number; readonly hits: number; readonly count: number }

export const NO_SCORE: Score = { lossSum: 0, hits: 0, count: 0 }

/** What the loss is made of beyond the cross-entropy. */
export type LossOptions = {
  readonly classes: number
  /** This share of the target is spread evenly over all classes (Szegedy et al. 2016). */
  readonly labelSmoothing?: number
  /** What a recording of each class weighs. */
  readonly classWeights?: Float64Array
}

/** Figures of a whole side: mean cross-entropy in nats, accuracy, and unweighted average recall over the classes it has. */
export type SideFigures = { readonly loss: number; readonly accuracy: number; readonly uar: number }

/** Categorical cross-entropy and hits of the outputs before the softmax, summed in float64. */
export function scoreLogits(logits: Float32Array, labels: Uint8Array, classes: number): SideFigures {
  let lossSum = 0
  const hits = new Float64Array(classes)
  const counts = new Float64Array(classes)
  for (const [row, label] of labels.entries()) {
    const values = logits.subarray(row * classes, (row + 1) * classes)
    lossSum += logSumExp(values) - values[label]
    counts[label] += 1
    if (isHit(values, label)) hits[label] += 1
  }
  const recalls = [...hits].flatMap((hit, label) => (counts[label] === 0 ? [] : [hit / counts[label]]))
  return { loss: lossSum / labels.length, accuracy: sum(hits) / labels.length, uar: sum(recalls) / recalls.length }
}

/** What outputs are to be: the class of each row; where rows are mixed, also that of the other part, and what is their own. */
export type Targets = {
  readonly labels: Uint8Array
  readonly others?: { readonly labels: Uint8Array; readonly shares: Float64Array }
}

/**
 * The loss of some recordings of a batch, and its slope in their outputs. As in Keras, the batch's loss is the weighted sum
 * divided by the number of recordings of the whole batch. A hit is the class that a mixed recording is mostly of.
 */
export function differentiateLoss(
  logits: Float32Array,
  { labels, others }: Targets,
  { classes, labelSmoothing = 0, classWeights }: LossOptions,
  batchSize: number,
): { readonly score: Score; readonly gradient: Float32Array } {
  const gradient = new Float32Array(logits.length)
  const spread = labelSmoothing / classes
  let lossSum = 0
  let hits = 0
  for (const [row, label] of labels.entries()) {
    const values = logits.subarray(row * classes, (row + 1) * classes)
    const scale = logSumExp(values)
    const addTarget = (target: number, share: number) => {
      const weight = share * (classWeights === undefined ? 1 : classWeights[target])
      for (let index = 0; index < classes; index++) {
        const wanted = spread + (index === target ? 1 - labelSmoothing : 0)
        lossSum += weight * wanted * (scale - values[index])
        gradient[row * classes + index] += (weight * (Math.exp(values[index] - scale) - wanted)) / batchSize
      }
    }
    addTarget(label, others === undefined ? 1 : others.shares[row])
    if (others !== undefined) addTarget(others.labels[row], 1 - others.shares[row])
    if (isHit(values, label)) hits += 1
  }
  return { score: { lossSum, hits, count: labels.length }, gradient }
}

/** Weights under which every class counts the same, and all recordings together as many as they are (scikit-learn's `balanced`). */
export function balancedWeights(labels: Uint8Array, classes: number): Float64Array {
  const counts = new Float64Array(classes)
  for (const label of labels) counts[label] += 1
  const present = counts.filter((count) => count > 0).length
  return counts.map((count) => (count === 0 ? 0 : labels.length / (present * count)))
}

export function addScores(a: Score, b: Score): Score {
  return { lossSum: a.lossSum + b.lossSum, hits: a.hits + b.hits, count: a.count + b.count }
}

function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const each of numbers) total += each
  return total
}

function isHit(values: Float32Array, label: number): boolean {
  return values.every((value) => value <= values[label])
}
