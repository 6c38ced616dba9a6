// Colours of charts are the page's variables; lengths are in the picture's own units.
export const FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

export const TEXT = { color: 'var(--ink)', fontFamily: FONT, fontSize: 12 }
export const MUTED_TEXT = { ...TEXT, color: 'var(--muted)' }

export const AXIS_LINE = { lineStyle: { color: 'var(--line)' } }
export const GRID_LINE = { lineStyle: { color: 'var(--line)', width: 1, opacity: 0.6 } }
