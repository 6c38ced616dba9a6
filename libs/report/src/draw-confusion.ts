import type { Evaluation } from '@ser/contracts'
import { AXIS_LINE, MUTED_TEXT, TEXT } from './chart-style.ts'
import { renderSvg } from './render-svg.ts'
import { normaliseRows } from './normalise-rows.ts'

export type ConfusionScale = 'counts' | 'row-normalised'

/** The confusion matrix as a heat map: rows are true labels, columns predicted ones. Shade is the share of the row in both scales. `id` is unique on its page. */
export function drawConfusion(
  evaluation: Pick<Evaluation, 'labels' | 'confusion'>,
  scale: ConfusionScale,
  id = `confusion-${scale}`,
): string {
  const { labels, confusion } = evaluation
  const shares = normaliseRows(confusion)
  const option = {
    textStyle: TEXT,
    grid: { left: 76, right: 12, top: 12, bottom: 66 },
    xAxis: { ...categories(labels, 'predicted', 42), position: 'bottom' },
    yAxis: { ...categories(labels, 'true', 60), inverse: true },
    // ECharts insists on one; every cell opts out, because its colour says right or wrong, not only how much.
    visualMap: { show: false, min: 0, max: 1 },
    series: [{ type: 'heatmap', data: cells(confusion, shares, scale) }],
  }
  const total = confusion.flat().reduce((sum, count) => sum + count, 0)
  const right = confusion.reduce((sum, row, index) => sum + row[index], 0)
  const description = `Confusion matrix (${scale}): ${right} of ${total} recordings on the diagonal`
  return renderSvg(option, { id, description, width: 560, height: 460 })
}

function categories(labels: readonly string[], name: string, nameGap: number) {
  return {
    type: 'category',
    data: labels,
    name,
    nameLocation: 'middle',
    nameGap,
    nameTextStyle: MUTED_TEXT,
    axisTick: { show: false },
    axisLine: AXIS_LINE,
    axisLabel: { ...TEXT, interval: 0, fontSize: labels.length > 8 ? 10 : 12 },
  }
}

function cells(confusion: readonly (readonly number[])[], shares: number[][], scale: ConfusionScale) {
  return confusion.flatMap((row, y) =>
    row.map((count, x) => {
      const share = shares[y][x]
      return {
        value: [x, y, count],
        visualMap: false,
        // The diagonal is right answers, everything else is mistakes: two hues say which.
        itemStyle: {
          color: x === y ? 'var(--right)' : 'var(--wrong)',
          opacity: shade(share),
          borderColor: 'var(--card)',
          borderWidth: 2,
        },
        label: {
          show: true,
          ...TEXT,
          // Without this the text fades with its cell.
          opacity: 1,
          color: share > 0.55 ? 'var(--on-shade)' : count === 0 ? 'var(--faint)' : 'var(--ink)',
          formatter: scale === 'counts' ? String(count) : percent(share),
        },
      }
    }),
  )
}

/** A single mistake among hundreds must still be seen: the square root lifts small shares. */
function shade(share: number): number {
  return share === 0 ? 0.03 : 0.1 + 0.9 * Math.sqrt(share) * share ** 0.25
}

function percent(share: number): string {
  if (share === 0) return '0'
  const value = share * 100
  return value < 99.95 && value >= 0.05 ? value.toFixed(1) : String(Math.round(value))
}
