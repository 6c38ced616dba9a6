import { logSumExp } from './predict-probabilities.ts'

/** Sums over recordings; divided by `count` they are loss (nats) and accuracy. */
export type Score = { readonly lossSum: number; readonly hits: number; readonly count: number }

export const NO_SCORE: Score = { lossSum: 0, hits: 0, count: 0 }

/** Categorical cross-entropy and hits of the outputs before the softmax, summed in float64. */
export function scoreLogits(logits: Float32Array, labels: Uint8Array, classes: number): Score {
  let lossSum = 0
  let hits = 0
  for (const [row, label] of labels.entries()) {
    const values = logits.subarray(row * classes, (row + 1) * classes)
    lossSum += logSumExp(values) - values[label]
    if (values.every((value) => value <= values[label])) hits += 1
  }
  return { lossSum, hits, count: labels.length }
}

export function addScores(a: Score, b: Score): Score {
  return { lossSum: a.lossSum + b.lossSum, hits: a.hits + b.hits, count: a.count + b.count }
}
