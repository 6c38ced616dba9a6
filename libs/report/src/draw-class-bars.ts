import type { Evaluation } from '@ser/contracts'
import { categoryAxis, legend, SHARE_AXIS, TEXT } from './chart-style.ts'
import { percent } from './format-numbers.ts'
import { renderSvg } from './render-svg.ts'

/** Precision, recall and F1 of each class as grouped bars. */
export function drawClassBars(evaluation: Pick<Evaluation, 'perClass'>): string {
  const classes = evaluation.perClass
  const option = {
    textStyle: TEXT,
    legend: legend('surfaces'),
    grid: { left: 52, right: 12, top: 34, bottom: 30 },
    xAxis: categoryAxis(classes.map(({ label }) => label)),
    yAxis: SHARE_AXIS,
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
