export type Bar = { readonly name: string; readonly milliseconds: number; readonly ours: boolean }

const LEFT = 300
const WIDTH = 900
const ROW = 30

/** Horizontal bars of milliseconds, a group of ways under each title, as an SVG that needs nothing else. */
export function drawBars(
  groups: readonly { readonly title: string; readonly bars: readonly Bar[] }[],
  label = 'Milliseconds a clip',
): string {
  const parts: string[] = []
  let y = 10
  for (const { title, bars } of groups) {
    const longest = Math.max(...bars.map(({ milliseconds }) => milliseconds))
    y += ROW
    parts.push(`<text x="10" y="${y}" font-weight="bold">${escapeXml(title)}</text>`)
    for (const { name, milliseconds, ours } of bars) {
      y += ROW
      const width = Math.max((milliseconds / longest) * (WIDTH - LEFT - 100), 1)
      parts.push(
        `<text x="${LEFT - 10}" y="${y}" text-anchor="end">${escapeXml(name)}</text>`,
        `<rect x="${LEFT}" y="${y - 15}" width="${width.toFixed(1)}" height="20" fill="${ours ? '#2a7f9e' : '#b9bec4'}"/>`,
        `<text x="${(LEFT + width + 8).toFixed(1)}" y="${y}">${milliseconds.toFixed(2)} ms</text>`,
      )
    }
    y += 10
  }
  const height = y + 20
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeXml(label)}" font-family="sans-serif" font-size="15" fill="#222">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
