export type SplitAccuracy = { readonly split: string; readonly kind: string; readonly accuracy: number }

const LEFT = 230
const WIDTH = 800
const ROW = 30
const COLOURS: Readonly<Record<string, string>> = { frames: '#2a7f9e', mean: '#b9bec4' }

/** Horizontal bars of accuracies, 0 to 100 %, as an SVG that needs nothing else. */
export function drawAccuracies(figures: readonly SplitAccuracy[]): string {
  const height = figures.length * ROW + 30
  const bars = figures.flatMap(({ split, kind, accuracy }, index) => {
    const y = (index + 1) * ROW
    const width = accuracy * (WIDTH - LEFT - 90)
    return [
      `<text x="${LEFT - 10}" y="${y}" text-anchor="end">${split}, ${kind}</text>`,
      `<rect x="${LEFT}" y="${y - 15}" width="${width.toFixed(1)}" height="20" fill="${COLOURS[kind] ?? '#444'}"/>`,
      `<text x="${(LEFT + width + 8).toFixed(1)}" y="${y}">${(100 * accuracy).toFixed(1)} %</text>`,
    ]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Accuracy of the mean vector and of frames" font-family="sans-serif" font-size="15" fill="#222">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...bars,
    '</svg>',
    '',
  ].join('\n')
}
