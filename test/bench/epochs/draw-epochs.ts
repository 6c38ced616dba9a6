import type { EpochTime } from './start-trainer.ts'

export type LayoutTimes = {
  readonly layout: string
  readonly ways: readonly { readonly who: string; readonly version: string; readonly times: readonly EpochTime[] }[]
}

const LEFT = 110
const WIDTH = 800
const ROW = 30

/** Horizontal bars of the median seconds an epoch, a group for each layout, with every epoch as a dot; an SVG that needs nothing else. */
export function drawEpochs(layouts: readonly LayoutTimes[], median: (values: readonly number[]) => number): string {
  const parts: string[] = []
  let y = 0
  for (const { layout, ways } of layouts) {
    const longest = Math.max(...ways.flatMap(({ times }) => times.map(({ seconds }) => seconds)))
    const scale = (WIDTH - LEFT - 100) / longest
    y += ROW + 10
    parts.push(`<text x="10" y="${y}" font-weight="bold">Seconds an epoch, ${layout}</text>`)
    for (const { who, times } of ways) {
      y += ROW
      const seconds = times.map((time) => time.seconds)
      const width = (median(seconds) * scale).toFixed(1)
      parts.push(
        `<text x="${LEFT - 10}" y="${y}" text-anchor="end">${who}</text>`,
        `<rect x="${LEFT}" y="${y - 15}" width="${width}" height="20" fill="${who === 'ser' ? '#2a7f9e' : '#b9bec4'}"/>`,
        ...seconds.map((each) => `<circle cx="${(LEFT + each * scale).toFixed(1)}" cy="${y - 5}" r="2" fill="#222"/>`),
        `<text x="${WIDTH - 90}" y="${y}">${median(seconds).toFixed(3)} s</text>`,
      )
    }
  }
  const height = y + 20
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Seconds an epoch" font-family="sans-serif" font-size="15" fill="#222">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}
