import type { TableRow } from './summarise-results.ts'

const LEFT = 250
const WIDTH = 860
const ROW = 22
const TOP = 60
/** Okabe and Ito's: told apart with any kind of colour vision. */
const COLORS = ['#767676', '#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#222222']

/** UAR of every line of the table as dots with their intervals, a colour for each recipe; an SVG that needs nothing else. */
export function drawTable(rows: readonly TableRow[], recipes: readonly string[]): string {
  const x = (share: number) => (LEFT + Math.min(1, Math.max(0, share)) * (WIDTH - LEFT - 30)).toFixed(1)
  const bottom = TOP + rows.length * ROW
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((share) => [
    `<line x1="${x(share)}" x2="${x(share)}" y1="${TOP - 8}" y2="${bottom}" stroke="#e4e6e9"/>`,
    `<text x="${x(share)}" y="${TOP - 14}" text-anchor="middle" fill="#666">${100 * share} %</text>`,
  ])
  const legend = recipes.flatMap((recipe, index) => [
    `<circle cx="${20 + 150 * index}" cy="18" r="5" fill="${colorOf(index)}"/>`,
    `<text x="${30 + 150 * index}" y="23">${recipe}</text>`,
  ])
  const marks = rows.flatMap(({ task, name, condition, figures }, place) => {
    const y = TOP + (place + 0.6) * ROW
    const label = `<text x="10" y="${y + 4}">(${task}) ${name.replaceAll('>', '&gt;')}, ${condition}</text>`
    const dots = recipes.flatMap((recipe, index) => {
      const { [recipe]: of } = figures
      if (of === undefined) return []
      const { mean, interval = { low: mean, high: mean } } = of.uar
      const color = colorOf(index)
      return [
        `<line x1="${x(interval.low)}" x2="${x(interval.high)}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="2"/>`,
        `<circle cx="${x(mean)}" cy="${y}" r="4.5" fill="${color}"/>`,
      ]
    })
    return [label, ...dots]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 20}" role="img" aria-label="Unweighted average recall of each recipe in each task" font-family="sans-serif" font-size="13" fill="#222">`,
    `<rect width="${WIDTH}" height="${bottom + 20}" fill="#fff"/>`,
    ...grid,
    ...legend,
    ...marks,
    '</svg>',
    '',
  ].join('\n')
}

function colorOf(index: number): string {
  return COLORS[index % COLORS.length]
}
