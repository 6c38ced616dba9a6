import type { StressEvaluation, StressResult } from '@ser/contracts'
import { categoryAxis, legend, numberAxis, SHARE_AXIS, TEXT } from './chart-style.ts'
import { describeCondition } from './describe-condition.ts'
import { percent } from './format-numbers.ts'
import { renderSvg } from './render-svg.ts'

export type StressFigure = 'accuracy' | 'uar'

const NAMES: Readonly<Record<StressFigure, string>> = { accuracy: 'Accuracy', uar: 'UAR' }

/** Colours that people with any kind of colour vision tell apart (Okabe and Ito), on light and on dark. */
const COLORS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00']

/** The SNR's axis goes through zero, where this one would stand in the middle of the curves. */
const FIGURE_AXIS = { ...SHARE_AXIS, axisLine: { show: false }, axisTick: { show: false } }

type Evaluated = Pick<StressEvaluation, 'id' | 'results'>

/** A figure over the SNR, one curve a kind of noise, what it is on clean recordings as a dashed line; SVG, empty without noises. */
export function drawStressCurves({ id, results }: Evaluated, figure: StressFigure): string {
  const points = noisy(results)
  const noises = [...new Set(points.map(({ noise }) => noise))]
  if (noises.length === 0) return ''
  const clean = results.find(({ condition }) => condition.kind === 'clean')?.[figure]
  const levels = points.map(({ snrDb }) => snrDb)
  const series = noises.map((name, index) => ({
    type: 'line',
    name,
    data: points
      .filter(({ noise }) => noise === name)
      .map(({ snrDb, result }) => [snrDb, result[figure]])
      .toSorted(([a], [b]) => a - b),
    symbol: 'circle',
    symbolSize: 6,
    itemStyle: { color: COLORS[index % COLORS.length] },
    lineStyle: { color: COLORS[index % COLORS.length], width: 2.2 },
  }))
  const line = {
    type: 'line',
    name: 'clean',
    data: clean === undefined ? [] : [Math.min(...levels), Math.max(...levels)].map((snrDb) => [snrDb, clean]),
    showSymbol: false,
    itemStyle: { color: 'var(--muted)' },
    lineStyle: { color: 'var(--muted)', width: 1.5, type: 'dashed' },
  }
  const option = {
    textStyle: TEXT,
    legend: legend('curves'),
    grid: { left: 52, right: 20, top: 34, bottom: 44 },
    xAxis: numberAxis('SNR in dB, quieter speech to the left', {
      min: Math.min(...levels),
      max: Math.max(...levels),
      minInterval: 5,
    }),
    yAxis: FIGURE_AXIS,
    series: [...series, line],
  }
  const worst = points.reduce((a, b) => (b.result[figure] < a.result[figure] ? b : a))
  const said = `${NAMES[figure]} over the SNR in ${noises.join(', ')} noise; the lowest is ${percent(worst.result[figure])} in ${worst.noise} noise at ${worst.snrDb} dB`
  return renderSvg(option, { id: `stress-${figure}-${id}`, description: said, width: 560, height: 320 })
}

/** Accuracy and UAR in rooms, over the telephone and clipped as bars beside the clean ones; SVG, empty without such conditions. */
export function drawStressBars({ id, results }: Evaluated): string {
  const shown = results.filter(({ condition }) => condition.kind !== 'noise')
  if (shown.length < 2) return ''
  const bars = (figure: StressFigure, color: string) => ({
    type: 'bar',
    name: NAMES[figure],
    data: shown.map((result) => result[figure]),
    itemStyle: { color, borderRadius: [2, 2, 0, 0] },
    barMaxWidth: 28,
    barGap: '12%',
  })
  const option = {
    textStyle: TEXT,
    legend: legend('surfaces'),
    grid: { left: 52, right: 12, top: 34, bottom: 30 },
    xAxis: categoryAxis(shown.map(({ condition }) => describeCondition(condition))),
    yAxis: FIGURE_AXIS,
    series: [bars('accuracy', 'var(--bar-1)'), bars('uar', 'var(--bar-2)')],
  }
  const said = `Accuracy and UAR: ${shown.map(({ condition, accuracy }) => `${describeCondition(condition)} ${percent(accuracy)}`).join(', ')}`
  return renderSvg(option, { id: `stress-bars-${id}`, description: said, width: 1160, height: 280 })
}

function noisy(results: readonly StressResult[]) {
  return results.flatMap((result) =>
    result.condition.kind === 'noise' ? [{ noise: result.condition.noise, snrDb: result.condition.snrDb, result }] : [],
  )
}
