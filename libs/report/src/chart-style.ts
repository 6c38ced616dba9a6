// Colours of charts are the page's variables; lengths are in the picture's own units.
export const FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

export const TEXT = { color: 'var(--ink)', fontFamily: FONT, fontSize: 12 }
export const MUTED_TEXT = { ...TEXT, color: 'var(--muted)' }

export const AXIS_LINE = { lineStyle: { color: 'var(--line)' } }
export const GRID_LINE = { lineStyle: { color: 'var(--line)', width: 1, opacity: 0.6 } }

/** Shares from 0 to 1, said in per cent. */
export const SHARE_AXIS = {
  type: 'value',
  min: 0,
  max: 1,
  axisLabel: { ...MUTED_TEXT, formatter: (value: number) => `${Math.round(value * 100)} %` },
  splitLine: GRID_LINE,
}

/** Numbers from left to right, with what they are below. */
export function numberAxis(
  name: string,
  range: { readonly min: number; readonly max: number; readonly minInterval?: number },
) {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: 28,
    nameTextStyle: MUTED_TEXT,
    ...range,
    axisLine: { ...AXIS_LINE, show: true },
    axisLabel: MUTED_TEXT,
    splitLine: { show: false },
  }
}

/** A place for each of the names, all of which are written. */
export function categoryAxis(names: readonly string[]) {
  return {
    type: 'category',
    data: names,
    axisTick: { show: false },
    axisLine: AXIS_LINE,
    axisLabel: { ...TEXT, interval: 0 },
  }
}

/** At the top right; a strip of colour for curves, a field for surfaces. */
export function legend(of: 'curves' | 'surfaces', itemGap = 16) {
  const size = of === 'curves' ? { itemWidth: 14, itemHeight: 3 } : { itemWidth: 12, itemHeight: 8 }
  return { top: 0, right: 8, itemGap, icon: 'roundRect', ...size, textStyle: TEXT }
}
