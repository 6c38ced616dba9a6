import type { Evaluation } from '@ser/contracts'
import { AXIS_LINE, GRID_LINE, MUTED_TEXT, TEXT } from './chart-style.ts'
import { percent } from './format-numbers.ts'
import { renderSvg } from './render-svg.ts'

type Calibration = NonNullable<Evaluation['calibration']>

const SHARE = {
  min: 0,
  max: 1,
  axisLabel: { ...MUTED_TEXT, formatter: (value: number) => `${Math.round(value * 100)} %` },
}

/** The reliability curve, accuracy over confidence, beside the diagonal on which a calibrated model lies. */
export function drawReliability({ ece, bins }: Calibration, id = 'reliability'): string {
  const option = {
    textStyle: TEXT,
    legend: { top: 0, right: 8, itemGap: 16, icon: 'roundRect', itemWidth: 14, itemHeight: 3, textStyle: TEXT },
    grid: { left: 52, right: 20, top: 34, bottom: 44 },
    xAxis: {
      type: 'value',
      ...SHARE,
      name: 'confidence',
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: MUTED_TEXT,
      axisLine: { ...AXIS_LINE, show: true },
      splitLine: { show: false },
    },
    yAxis: { type: 'value', ...SHARE, splitLine: GRID_LINE },
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
