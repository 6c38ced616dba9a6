import type { Evaluation, Run } from '@ser/contracts'
import { accuracy, macroF1, meanInterval, unweightedAverageRecall } from '@ser/metrics'

export type FigureRange = {
  readonly mean: number
  readonly least: number
  readonly most: number
  /** Seeds. */
  readonly count: number
  /** Student's t interval of the mean, 95 %; absent of one seed. */
  readonly interval?: { readonly low: number; readonly high: number }
}

export type RunSummaryFigures = {
  readonly accuracy: FigureRange
  readonly uar: FigureRange
  readonly macroF1: FigureRange
  /** The median of all epochs of all runs. */
  readonly secondsPerEpoch: number
}

type Confusion = Evaluation['confusion']

/**
 * The figures of runs that differ in their seed and fold. The folds of a seed count as one test side, their confusion matrices added up;
 * then mean, range and Student's t interval over the seeds. Undefined when none has been evaluated.
 */
export function summariseRuns(runs: readonly Run[]): RunSummaryFigures | undefined {
  const bySeed = new Map<number, Evaluation[]>()
  for (const { spec, evaluation } of runs) {
    if (evaluation !== null) bySeed.set(spec.seed, [...(bySeed.get(spec.seed) ?? []), evaluation])
  }
  if (bySeed.size === 0) return undefined
  const seeds = [...bySeed.values()]
  const seconds = runs.flatMap(({ epochs }) => epochs.map((epoch) => epoch.seconds)).sort((a, b) => a - b)
  return {
    accuracy: rangeOf(seeds, 'accuracy', accuracy),
    uar: rangeOf(seeds, 'uar', unweightedAverageRecall),
    macroF1: rangeOf(seeds, 'macroF1', macroF1),
    secondsPerEpoch: seconds[seconds.length >> 1] ?? 0,
  }
}

/** Folds of one seed as one evaluation's confusion matrix. */
export function addConfusions(evaluations: readonly Evaluation[]): Confusion {
  return evaluations
    .map(({ confusion }) => confusion)
    .reduce((sum, one) => sum.map((row, i) => row.map((count, j) => count + one[i][j])))
}

function rangeOf(
  seeds: readonly (readonly Evaluation[])[],
  figure: 'accuracy' | 'uar' | 'macroF1',
  measure: (confusion: Confusion) => number,
): FigureRange {
  const values = seeds.map((folds) => (folds.length === 1 ? folds[0][figure] : measure(addConfusions(folds))))
  const { mean, count, interval } = meanInterval(values)
  return {
    mean,
    count,
    least: Math.min(...values),
    most: Math.max(...values),
    ...(interval === undefined ? {} : { interval }),
  }
}
