import type { Evaluation, Run } from '@ser/contracts'

export type FigureRange = { readonly mean: number; readonly least: number; readonly most: number }

export type RunSummaryFigures = {
  readonly accuracy: FigureRange
  readonly uar: FigureRange
  readonly macroF1: FigureRange
  /** The median of all epochs of all runs. */
  readonly secondsPerEpoch: number
}

/** Mean and range of the figures of runs that differ in their seed; undefined when none has been evaluated. */
export function summariseRuns(runs: readonly Run[]): RunSummaryFigures | undefined {
  const evaluations = runs.flatMap(({ evaluation }) => (evaluation === null ? [] : [evaluation]))
  if (evaluations.length === 0) return undefined
  const seconds = runs.flatMap(({ epochs }) => epochs.map((epoch) => epoch.seconds)).sort((a, b) => a - b)
  return {
    accuracy: rangeOf(evaluations, 'accuracy'),
    uar: rangeOf(evaluations, 'uar'),
    macroF1: rangeOf(evaluations, 'macroF1'),
    secondsPerEpoch: seconds[seconds.length >> 1] ?? 0,
  }
}

function rangeOf(evaluations: readonly Evaluation[], figure: 'accuracy' | 'uar' | 'macroF1'): FigureRange {
  const values = evaluations.map((evaluation) => evaluation[figure])
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    least: Math.min(...values),
    most: Math.max(...values),
  }
}
