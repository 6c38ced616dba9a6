import {
  emptyConfusion,
  FIGURE_NAMES,
  FIGURES,
  LEVEL,
  percentileInterval,
  RESAMPLES,
  unitsOf,
  type BootstrapOptions,
  type FigureName,
  type Interval,
} from './bootstrap-intervals.ts'
import { confusionMatrix } from './confusion-matrix.ts'
import { mcnemarTest } from './mcnemar-test.ts'
import { drawRows } from './resample-units.ts'

export type Comparison = {
  /** The second model's figure less the first's, with its interval. */
  readonly difference: Readonly<Record<FigureName, Interval & { readonly value: number }>>
  /** Recordings that only this model has right. */
  readonly onlyFirst: number
  readonly onlySecond: number
  /** Of McNemar's exact test that the models err equally often. */
  readonly pValue: number
}

/**
 * Compares two models on one test side: paired bootstrap intervals of the differences (each resample judges both models on the same
 * recordings, so what is hard for both cancels out) and McNemar's test. For options see `bootstrapIntervals`.
 *
 * @param first the class that the first model (the champion) predicts for each recording
 * @param second the same of the second (the challenger)
 * @throws RangeError as `bootstrapIntervals`
 */
export function comparePredictions(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: BootstrapOptions,
): Comparison {
  const { truth, classes } = options
  const whole = [confusionMatrix(truth, first, classes), confusionMatrix(truth, second, classes)] as const
  const drawn = drawDifferences(first, second, options)
  const difference = (name: FigureName) => ({
    value: FIGURES[name](whole[1]) - FIGURES[name](whole[0]),
    ...percentileInterval(drawn[name], options.level ?? LEVEL),
  })
  const { onlyFirst, onlySecond } = countDisagreements(truth, first, second)
  return {
    difference: { accuracy: difference('accuracy'), uar: difference('uar'), macroF1: difference('macroF1') },
    onlyFirst,
    onlySecond,
    pValue: mcnemarTest(onlyFirst, onlySecond),
  }
}

/** Whether the second model is no worse than the first by more than `margin` (0.01: one point), with the interval's certainty. */
export function isNotInferior(difference: Interval, margin: number): boolean {
  return difference.low >= -margin
}

function drawDifferences(first: ArrayLike<number>, second: ArrayLike<number>, options: BootstrapOptions) {
  const { truth, classes, below, resamples = RESAMPLES } = options
  const units = unitsOf(options)
  const drawn = {
    accuracy: new Float64Array(resamples),
    uar: new Float64Array(resamples),
    macroF1: new Float64Array(resamples),
  }
  for (let sample = 0; sample < resamples; sample++) {
    const [ofFirst, ofSecond] = [emptyConfusion(classes), emptyConfusion(classes)]
    drawRows(units, below, (row) => {
      ofFirst[truth[row]][first[row]] += 1
      ofSecond[truth[row]][second[row]] += 1
    })
    for (const name of FIGURE_NAMES) drawn[name][sample] = FIGURES[name](ofSecond) - FIGURES[name](ofFirst)
  }
  return drawn
}

function countDisagreements(truth: ArrayLike<number>, first: ArrayLike<number>, second: ArrayLike<number>) {
  let onlyFirst = 0
  let onlySecond = 0
  for (let row = 0; row < truth.length; row++) {
    const [a, b] = [first[row] === truth[row], second[row] === truth[row]]
    if (a && !b) onlyFirst += 1
    if (b && !a) onlySecond += 1
  }
  return { onlyFirst, onlySecond }
}
