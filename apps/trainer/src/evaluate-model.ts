import type { Evaluation } from '@ser/contracts'
import { createRandom, seedFrom } from '@ser/corpus'
import {
  bootstrapIntervals,
  calibrate,
  evaluatePredictions,
  groupFigures,
  mostProbable,
  type Predictions,
} from '@ser/metrics'

/** The speaker and the dataset (or datasets) of each test recording. */
export type TestGroups = { readonly speakers: readonly string[]; readonly datasets: readonly string[] }

const LEVEL = 0.95
const RESAMPLES = 2000
/** A test side of millions has narrow intervals: fewer resamples tell them as well, in seconds. */
const DRAWS_AT_MOST = 200_000_000
const FEWEST_RESAMPLES = 200
/** With fewer speakers, drawing speakers says little but looks exact. */
const FEWEST_SPEAKERS = 5
/** More groups of a kind than this nobody reads, and each answer about the run would carry them. */
const MOST_GROUPS = 200

/**
 * Everything that is told of a model's test side: figures, their intervals over recordings and (from five speakers on) over speakers,
 * figures by speaker and by dataset, and calibration. The same predictions, groups and seed give the same evaluation.
 */
export function evaluateModel(predictions: Predictions, groups: TestGroups, seed: number): Evaluation {
  const { truth, probabilities, labels } = predictions
  const predicted = mostProbable(probabilities, labels.length)
  const figuresBy = (by: 'speaker' | 'dataset', names: readonly string[]) =>
    new Set(names).size > MOST_GROUPS
      ? []
      : groupFigures(truth, predicted, names, labels.length).map((figures) => ({ by, ...figures }))
  return {
    ...evaluatePredictions(predictions),
    intervals: figureIntervals(predictions, predicted, groups, seed),
    groups: [...figuresBy('speaker', groups.speakers), ...figuresBy('dataset', groups.datasets)],
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
  seed: number,
): NonNullable<Evaluation['intervals']> {
  const recordings = truth.length
  const resamples = Math.max(FEWEST_RESAMPLES, Math.min(RESAMPLES, Math.floor(DRAWS_AT_MOST / recordings)))
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
