import { percent } from './format-numbers.ts'
import type { Epoch } from '@ser/contracts'

const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

export type BlockChartOptions = {
  /** Columns, at least 1. */
  readonly width: number
  /** Rows, at least 1. */
  readonly height: number
  readonly min: number
  readonly max: number
}

/**
 * Values as a chart of block characters, top row first; each row is exactly `min(width, values.length)` columns.
 * More values than columns are averaged into columns. The lowest value still shows an eighth.
 */
export function blockChart(values: readonly number[], options: BlockChartOptions): string[] {
  const { height, min, max } = options
  const levels = columns(values, options.width).map((value) => {
    const share = max > min && Number.isFinite(value) ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0
    return Math.max(1, Math.round(share * height * 8))
  })
  return Array.from({ length: height }, (_, row) => {
    const below = (height - 1 - row) * 8
    return levels.map((level) => EIGHTHS[Math.min(8, Math.max(0, level - below))]).join('')
  })
}

function columns(values: readonly number[], width: number): number[] {
  if (values.length <= width) return [...values]
  return Array.from({ length: width }, (_, index) => {
    const from = Math.floor((index * values.length) / width)
    const to = Math.max(from + 1, Math.floor(((index + 1) * values.length) / width))
    return values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from)
  })
}

/**
 * Accuracy and loss of both sides over the epochs, as lines of plain text none of which is longer than `width` (at least 40) columns:
 * a name, the curve, the first and the last value.
 */
export function textCurves(
  epochs: readonly Epoch[],
  { width, height = 2 }: { width: number; height?: number },
): string[] {
  if (epochs.length === 0) return []
  const worstLoss = Math.max(...epochs.flatMap(({ trainLoss, testLoss }) => [trainLoss, testLoss]))
  const curves = [
    { name: 'accuracy, train', values: epochs.map((epoch) => epoch.trainAccuracy), max: 1, format: percent },
    { name: 'accuracy, test', values: epochs.map((epoch) => epoch.testAccuracy), max: 1, format: percent },
    { name: 'loss, train', values: epochs.map((epoch) => epoch.trainLoss), max: worstLoss, format: plain },
    { name: 'loss, test', values: epochs.map((epoch) => epoch.testLoss), max: worstLoss, format: plain },
  ]
  return curves.flatMap(({ name, values, max, format }) => {
    const ends = `  ${format(values[0])} -> ${format(values.at(-1)!)}`
    const rows = blockChart(values, { width: Math.max(1, width - 17 - 20), height, min: 0, max })
    return rows.map(
      (row, index) => (index === height - 1 ? name : '').padEnd(17) + row + (index === height - 1 ? ends : ''),
    )
  })
}

function plain(value: number): string {
  return value.toFixed(3)
}
