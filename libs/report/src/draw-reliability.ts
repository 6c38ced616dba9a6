import type { Evaluation } from '@ser/contracts'
import { legend, numberAxis, SHARE_AXIS, TEXT } from './chart-style.ts'
import { percent } from './format-numbers.ts'
import { renderSvg } from './render-svg.ts'

type Calibration = NonNullable<Evaluation['calibration']>

/** The reliability curve, accuracy over confidence, beside the diagonal on which a calibrated model lies. */
export function drawReliability({ ece, bins }: Calibration, id = 'reliability'): string {
  const option = {
    textStyle: TEXT,
    legend: legend('curves'),
    grid: { left: 52, right: 20, top: 34, bottom: 44 },
    xAxis: { ...numberAxis('confidence', { min: 0, max: 1 }), axisLabel: SHARE_AXIS.axisLabel },
    yAxis: SHARE_AXIS,
    series: [
      {
        type: 'line',
        name: 'calibrated',
        data: [
          [0, 0],
          [1, 1],
        ],
        showSymbol: false,
        itemStyle: { color: 'var(--faint)' },
        lineStyle: { color: 'var(--faint)', width: 1.5, type: 'dashed' },
      },
      {
        type: 'line',
        name: 'this model',
        data: bins.map(({ confidence, accuracy }) => [confidence, accuracy]),
        symbolSize: 6,
        itemStyle: { color: 'var(--test)' },
        lineStyle: { color: 'var(--test)', width: 2.2 },
      },
    ],
  }
  const points = bins.map(({ confidence, accuracy }) => `${percent(confidence, 0)}: ${percent(accuracy, 0)}`)
  const description = `Share of right answers by confidence; expected calibration error ${percent(ece)}; ${points.join(', ')}`
  return renderSvg(option, { width: 560, height: 300, id, description })
}
