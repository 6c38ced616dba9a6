import type { Evaluation } from '@ser/contracts'
import { AXIS_LINE, GRID_LINE, MUTED_TEXT, TEXT } from './chart-style.ts'
import { percent } from './format-numbers.ts'
import { renderSvg } from './render-svg.ts'

/** Precision, recall and F1 of each class as grouped bars. */
export function drawClassBars(evaluation: Pick<Evaluation, 'perClass'>): string {
  const classes = evaluation.perClass
  const option = {
    textStyle: TEXT,
    legend: { top: 0, right: 8, itemGap: 16, icon: 'roundRect', itemWidth: 12, itemHeight: 8, textStyle: TEXT },
    grid: { left: 52, right: 12, top: 34, bottom: 30 },
    xAxis: {
      type: 'category',
      data: classes.map(({ label }) => label),
      axisTick: { show: false },
      axisLine: AXIS_LINE,
      axisLabel: { ...TEXT, interval: 0 },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: 1,
      axisLabel: { ...MUTED_TEXT, formatter: (value: number) => `${Math.round(value * 100)} %` },
      splitLine: GRID_LINE,
    },
    series: [
      bars(
        'precision',
        'var(--bar-1)',
        classes.map(({ precision }) => precision),
      ),
      bars(
        'recall',
        'var(--bar-2)',
        classes.map(({ recall }) => recall),
      ),
      bars(
        'F1',
        'var(--bar-3)',
        classes.map(({ f1 }) => f1),
      ),
    ],
  }
  const weakest = classes.toSorted((a, b) => a.f1 - b.f1)[0]
  const description =
    weakest === undefined
      ? 'No class'
      : `Precision, recall and F1 of ${classes.length} classes; the weakest is ${weakest.label} with an F1 of ${percent(weakest.f1)}`
  return renderSvg(option, { id: 'classes', description, width: 1160, height: 280 })
}

function bars(name: string, color: string, data: readonly number[]) {
  return { type: 'bar', name, data, itemStyle: { color, borderRadius: [2, 2, 0, 0] }, barMaxWidth: 22, barGap: '12%' }
}
