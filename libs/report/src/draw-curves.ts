import type { Epoch } from '@ser/contracts'
import { GRID_LINE, legend, MUTED_TEXT, numberAxis, SHARE_AXIS, TEXT } from './chart-style.ts'
import { percent } from './format-numbers.ts'
import { renderSvg } from './render-svg.ts'

const SIZE = { width: 560, height: 300 }

/** Accuracy of the training, the validation (where there is one) and the test side over the epochs, as SVG. `id` is unique on its page. */
export function drawAccuracyCurves(epochs: readonly Epoch[], id = 'accuracy'): string {
  return drawCurves(epochs, {
    id,
    name: 'Accuracy',
    train: (epoch) => epoch.trainAccuracy,
    test: (epoch) => epoch.testAccuracy,
    validation: ({ validation }) => validation?.accuracy,
    axis: SHARE_AXIS,
    format: (value) => percent(value, 2),
  })
}

/** Loss of the training, the validation (where there is one) and the test side over the epochs, as SVG. `id` is unique on its page. */
export function drawLossCurves(epochs: readonly Epoch[], id = 'loss'): string {
  return drawCurves(epochs, {
    id,
    name: 'Loss (categorical cross-entropy)',
    train: (epoch) => epoch.trainLoss,
    test: (epoch) => epoch.testLoss,
    validation: ({ validation }) => validation?.loss,
    axis: { type: 'value', min: 0, axisLabel: MUTED_TEXT, splitLine: GRID_LINE },
    format: (value) => value.toFixed(4),
  })
}

type Curves = {
  readonly id: string
  readonly name: string
  readonly train: (epoch: Epoch) => number
  readonly test: (epoch: Epoch) => number
  readonly validation: (epoch: Epoch) => number | undefined
  readonly axis: object
  readonly format: (value: number) => string
}

function drawCurves(epochs: readonly Epoch[], curves: Curves): string {
  const option = {
    textStyle: TEXT,
    legend: legend('curves'),
    grid: { left: 52, right: 20, top: 34, bottom: 44 },
    xAxis: numberAxis('epoch', { min: epochs[0]?.epoch ?? 1, max: epochs.at(-1)?.epoch ?? 1, minInterval: 1 }),
    yAxis: curves.axis,
    series: [
      line('train', 'var(--train)', epochs, curves.train),
      ...(epochs.some((epoch) => curves.validation(epoch) !== undefined)
        ? [line('validation', 'var(--validation)', epochs, curves.validation)]
        : []),
      line('test', 'var(--test)', epochs, curves.test),
    ],
  }
  return renderSvg(option, { ...SIZE, id: curves.id, description: describe(epochs, curves) })
}

function line(name: string, color: string, epochs: readonly Epoch[], value: (epoch: Epoch) => number | undefined) {
  return {
    type: 'line',
    name,
    data: epochs.map((epoch) => [epoch.epoch, value(epoch) ?? null]),
    showSymbol: epochs.length === 1,
    itemStyle: { color },
    lineStyle: { color, width: 2.2 },
  }
}

function describe(epochs: readonly Epoch[], curves: Curves): string {
  const last = epochs.at(-1)
  if (last === undefined) return `${curves.name}: no epoch yet`
  return `${curves.name} over ${epochs.length} epochs; at the end ${curves.format(curves.train(last))} on the training side and ${curves.format(curves.test(last))} on the test side`
}
