import { EMOTIONS, type Emotion, type Timeline } from '@ser/contracts'
import { AXIS_LINE, legend, MUTED_TEXT, SHARE_AXIS, TEXT } from './chart-style.ts'
import { clock, describeTimeline } from './describe-timeline.ts'
import { renderSvg } from './render-svg.ts'

/** A colour for each emotion that reads on light and on dark ground. */
const COLORS: Readonly<Record<Emotion, string>> = {
  angry: '#d1495b',
  disgust: '#6a994e',
  fear: '#7b5ea7',
  happy: '#e2a72e',
  neutral: '#8a94a3',
  sad: '#3d7dca',
  surprise: '#2a9d8f',
}

/** The probabilities of a recording's windows over time, stacked; gaps are silence. */
export function drawTimeline(timeline: Pick<Timeline, 'windows' | 'shares'>): string {
  const { windows } = timeline
  const option = {
    textStyle: TEXT,
    legend: legend('surfaces', 14),
    grid: { left: 52, right: 16, top: 34, bottom: 34 },
    xAxis: {
      type: 'value',
      min: windows[0]?.start ?? 0,
      max: windows.at(-1)?.end ?? 1,
      axisLine: AXIS_LINE,
      axisLabel: { ...MUTED_TEXT, formatter: clock },
      splitLine: { show: false },
    },
    yAxis: SHARE_AXIS,
    series: EMOTIONS.map((emotion) => ({
      type: 'line',
      name: emotion,
      stack: 'all',
      step: 'end',
      symbol: 'none',
      lineStyle: { width: 0 },
      itemStyle: { color: COLORS[emotion] },
      areaStyle: { color: COLORS[emotion], opacity: 0.85 },
      data: stepsOf(windows, emotion),
    })),
  }
  return renderSvg(option, { id: 'timeline', description: describeTimeline(timeline), width: 1160, height: 320 })
}

/** Each window holds until the next begins; the last until the end. */
function stepsOf(windows: Timeline['windows'], emotion: Emotion): [number, number][] {
  const points = windows.map(({ start, probabilities }): [number, number] => [start, probabilities?.[emotion] ?? 0])
  const last = windows.at(-1)
  return last === undefined ? [] : [...points, [last.end, last.probabilities?.[emotion] ?? 0]]
}
