import { confusionMatrix } from './confusion-matrix.ts'
import { drawRows, groupUnits, quantile, rowUnits, type DrawBelow, type Units } from './resample-units.ts'
import { accuracy, macroF1, unweightedAverageRecall } from './summary-figures.ts'

export const FIGURES = { accuracy, uar: unweightedAverageRecall, macroF1 } as const
export type FigureName = keyof typeof FIGURES
export const FIGURE_NAMES = ['accuracy', 'uar', 'macroF1'] as const satisfies readonly FigureName[]

export type Interval = { readonly low: number; readonly high: number }

export type BootstrapOptions = {
  /** The true class of each recording. */
  readonly truth: ArrayLike<number>
  readonly classes: number
  readonly below: DrawBelow
  /** Draw these groups (one name a recording, its speaker) as wholes instead of single recordings. */
  readonly clusters?: readonly string[]
  readonly resamples?: number
  readonly level?: number
}

export const RESAMPLES = 2000
export const LEVEL = 0.95

/**
 * Percentile bootstrap intervals (Efron and Tibshirani, 1993, chapter 13) of a model's figures on a test side, 95 % and 2000
 * resamples by default. Over recordings they say what other recordings of the same speakers might give; with `clusters`, what other
 * speakers might, as recordings of one voice are not independent. With few clusters (say, fewer than ten) they are too narrow.
 *
 * @param predicted the predicted class of each recording
 * @throws RangeError when the lengths differ, an index is not a class, or there are fewer than two units to draw
 */
export function bootstrapIntervals(
  predicted: ArrayLike<number>,
  options: BootstrapOptions,
): Record<FigureName, Interval> {
  const { truth, classes, below, resamples = RESAMPLES, level = LEVEL } = options
  const units = unitsOf(options)
  // Refuses what does not fit before anything is drawn.
  confusionMatrix(truth, predicted, classes)
  const drawn = {
    accuracy: new Float64Array(resamples),
    uar: new Float64Array(resamples),
    macroF1: new Float64Array(resamples),
  }
  for (let sample = 0; sample < resamples; sample++) {
    const confusion = emptyConfusion(classes)
    drawRows(units, below, (row) => {
      confusion[truth[row]][predicted[row]] += 1
    })
    for (const name of FIGURE_NAMES) drawn[name][sample] = FIGURES[name](confusion)
  }
  return {
    accuracy: percentileInterval(drawn.accuracy, level),
    uar: percentileInterval(drawn.uar, level),
    macroF1: percentileInterval(drawn.macroF1, level),
  }
}

export function unitsOf({ truth, clusters }: Pick<BootstrapOptions, 'truth' | 'clusters'>): Units {
  if (clusters !== undefined && clusters.length !== truth.length) {
    throw new RangeError(`${clusters.length} clusters for ${truth.length} recordings`)
  }
  const units = clusters === undefined ? rowUnits(truth.length) : groupUnits(clusters)
  if (units.count < 2) throw new RangeError(`nothing can be drawn from ${units.count} units`)
  return units
}

export function emptyConfusion(classes: number): number[][] {
  return Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0))
}

export function percentileInterval(values: Float64Array, level: number): Interval {
  const sorted = values.toSorted()
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) }
}
