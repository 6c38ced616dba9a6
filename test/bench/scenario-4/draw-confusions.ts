export type Panel = {
  readonly title: string
  readonly subtitle: string
  /** [label][predicted], counts. */
  readonly confusion: readonly (readonly number[])[]
}

const CELL = 34
const LEFT = 78
const TOP = 52
const GAP = 34
const COLUMNS = 3

/** Small confusion matrices beside one another, three in a row, as an SVG that needs nothing else; shade is the share of the row. */
export function drawConfusions(panels: readonly Panel[], labels: readonly string[]): string {
  const side = CELL * labels.length
  const [width, height] = [LEFT + side + GAP, TOP + side + GAP + 34]
  const rows = Math.ceil(panels.length / COLUMNS)
  const parts = panels.map((panel, index) => {
    const [x, y] = [(index % COLUMNS) * width, Math.floor(index / COLUMNS) * height]
    return `<g transform="translate(${x},${y})">${drawPanel(panel, labels)}</g>`
  })
  const [w, h] = [COLUMNS * width, rows * height]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" role="img" aria-label="Confusion matrices: labels down, predictions across" font-family="sans-serif" font-size="11" fill="#222">`,
    `<rect width="${w}" height="${h}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

function drawPanel({ title, subtitle, confusion }: Panel, labels: readonly string[]): string {
  const heads = labels.flatMap((label, index) => [
    `<text x="${LEFT - 6}" y="${TOP + index * CELL + 21}" text-anchor="end">${escapeXml(label)}</text>`,
    `<text transform="translate(${LEFT + index * CELL + 20},${TOP + labels.length * CELL + 8}) rotate(45)">${escapeXml(label)}</text>`,
  ])
  const cells = confusion.flatMap((row, y) => {
    const total = Math.max(
      1,
      row.reduce((sum, count) => sum + count, 0),
    )
    return row.map((count, x) => drawCell({ x, y, count, share: count / total }))
  })
  return [
    `<text x="6" y="20" font-size="13" font-weight="bold">${escapeXml(title)}</text>`,
    `<text x="6" y="38" font-size="12">${escapeXml(subtitle)}</text>`,
    ...heads,
    ...cells,
  ].join('')
}

function drawCell({ x, y, count, share }: { x: number; y: number; count: number; share: number }): string {
  const [left, top] = [LEFT + x * CELL, TOP + y * CELL]
  const colour = x === y ? '42,127,158' : '176,74,50'
  const text =
    count === 0
      ? ''
      : `<text x="${left + CELL / 2}" y="${top + 21}" text-anchor="middle" fill="${share > 0.5 ? '#fff' : '#222'}">${count}</text>`
  const fill = share === 0 ? '#f4f5f6' : `rgba(${colour},${(0.08 + 0.92 * share).toFixed(2)})`
  return `<rect x="${left}" y="${top}" width="${CELL - 1}" height="${CELL - 1}" fill="${fill}"/>${text}`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
