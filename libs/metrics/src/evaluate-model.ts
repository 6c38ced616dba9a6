import type { Evaluation } from '@ser/contracts'
import { createRandom, seedFrom } from '@ser/corpus'
import { bootstrapIntervals } from './bootstrap-intervals.ts'
import { calibrate } from './calibrate.ts'
import { evaluatePredictions, mostProbable, type Predictions } from './evaluate-predictions.ts'
import { groupFigures } from './group-figures.ts'
import { wilsonInterval } from './wilson-interval.ts'

/** Of each test recording its speaker, its dataset (or datasets), and its condition: clean, or what was done to it. */
export type TestGroups = {
  readonly speakers: readonly string[]
  readonly datasets: readonly string[]
  readonly conditions?: readonly string[]
}

const LEVEL = 0.95
const RESAMPLES = 2000
/** A test side of millions has narrow intervals: fewer resamples tell them as well, in seconds. */
const DRAWS_AT_MOST = 200_000_000
const FEWEST_RESAMPLES = 200
/** With fewer speakers, drawing speakers says little but looks exact. */
const FEWEST_SPEAKERS = 5
/** More groups of a kind than this nobody reads, and each answer about the run would carry them. */
const MOST_GROUPS = 200

export type EvaluateOptions = {
  /** Recordings drawn for one kind of interval at most, which bounds the time (default two hundred million, some seconds). */
  readonly drawsAtMost?: number
}

/** 2000 resamples, or as many as may be drawn of so many recordings, and 200 at least. */
export function affordableResamples(recordings: number, drawsAtMost: number): number {
  return Math.max(FEWEST_RESAMPLES, Math.min(RESAMPLES, Math.floor(drawsAtMost / recordings)))
}

/**
 * Everything that is told of a model's test side: figures, their intervals over recordings and (from five speakers on) over speakers,
 * figures by speaker, by dataset and (where there is more than one) by condition, and calibration. The same predictions, groups and seed give the same evaluation.
 */
export function evaluateModel(
  predictions: Predictions,
  groups: TestGroups,
  seed: number,
  { drawsAtMost = DRAWS_AT_MOST }: EvaluateOptions = {},
): Evaluation {
  const { truth, probabilities, labels } = predictions
  const predicted = mostProbable(probabilities, labels.length)
  const { speakers, datasets, conditions = [] } = groups
  const figuresBy = (by: 'speaker' | 'dataset' | 'condition', names: readonly string[]) =>
    new Set(names).size > MOST_GROUPS
      ? []
      : groupFigures(truth, predicted, names, labels.length).map((figures) => ({
          by,
          ...figures,
          accuracyInterval: wilsonInterval(Math.round(figures.accuracy * figures.support), figures.support),
        }))
  return {
    ...evaluatePredictions(predictions),
    intervals: figureIntervals(predictions, predicted, groups, { seed, drawsAtMost }),
    groups: [
      ...figuresBy('speaker', speakers),
      ...figuresBy('dataset', datasets),
      ...(new Set(conditions).size > 1 ? figuresBy('condition', conditions) : []),
    ],
    calibration: calibration(predictions),
  }
}

function calibration(predictions: Predictions): NonNullable<Evaluation['calibration']> {
  const { ece, bins } = calibrate(predictions)
  return { ece, bins: [...bins] }
}

function figureIntervals(
  { truth, labels }: Predictions,
  predicted: Int32Array,
  { speakers }: TestGroups,
  { seed, drawsAtMost }: Required<EvaluateOptions> & { readonly seed: number },
): NonNullable<Evaluation['intervals']> {
  const recordings = truth.length
  const resamples = affordableResamples(recordings, drawsAtMost)
  const draw = (over: 'recordings' | 'speakers', units: number, clusters?: readonly string[]) => ({
    over,
    units,
    level: LEVEL,
    resamples,
    ...bootstrapIntervals(predicted, {
      truth,
      classes: labels.length,
      below: createRandom(seedFrom('bootstrap', over, seed)).below,
      resamples,
      level: LEVEL,
      ...(clusters === undefined ? {} : { clusters }),
    }),
  })
  const voices = new Set(speakers).size
  return [
    ...(recordings < 2 ? [] : [draw('recordings', recordings)]),
    ...(voices < FEWEST_SPEAKERS ? [] : [draw('speakers', voices, speakers)]),
  ]
}
