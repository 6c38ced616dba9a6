import type { Loss } from './run-stages.ts'
import type { Sample } from './watch-progress.ts'

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [900, 380, 70, 150, 46, 48]

const LINES = [
  { name: 'recordings', colour: '#6b7280', of: ({ recordings }: Sample) => recordings },
  { name: 'variants', colour: '#c2410c', of: ({ variants }: Sample) => variants },
  { name: 'vectors', colour: '#2a7f9e', of: ({ vectors }: Sample) => vectors },
] as const

/** What was stored over time, and when a worker was killed, as an SVG that needs nothing else. */
export function drawProgress(title: string, samples: readonly Sample[], losses: readonly Loss[]): string {
  const seconds = samples.at(-1)?.seconds ?? 1
  const most = Math.max(...samples.map(({ vectors, variants }) => Math.max(vectors, variants)))
  const x = (at: number) => (LEFT + (at / seconds) * (WIDTH - LEFT - RIGHT)).toFixed(1)
  const y = (count: number) => (HEIGHT - BOTTOM - (count / most) * (HEIGHT - TOP - BOTTOM)).toFixed(1)
  const lines = LINES.flatMap(({ name, colour, of }) => {
    const points = thin(samples).map((sample) => `${x(sample.seconds)},${y(of(sample))}`)
    const end = of(samples[samples.length - 1])
    return [
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      `<text x="${WIDTH - RIGHT + 6}" y="${Number(y(end)) + 4}" fill="${colour}">${end} ${name}</text>`,
    ]
  })
  const marks = losses.flatMap(({ worker, seconds: at }, index) => [
    `<line x1="${x(at)}" x2="${x(at)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#b91c1c" stroke-dasharray="4 3"/>`,
    `<text x="${Number(x(at)) + 4}" y="${TOP + 12 + 15 * index}" fill="#b91c1c">${worker} killed</text>`,
  ])
  const ticks = Array.from({ length: 6 }, (_, index) => (index * seconds) / 5).map(
    (at) => `<text x="${x(at)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${at.toFixed(0)} s</text>`,
  )
  const levels = [0, 0.5, 1].map(
    (share) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share * most)}" y2="${y(share * most)}" stroke="#e5e7eb"/>` +
      `<text x="${LEFT - 8}" y="${Number(y(share * most)) + 4}" text-anchor="end">${Math.round(share * most)}</text>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Clips over time" font-family="sans-serif" font-size="13" fill="#222">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="24" font-weight="bold" font-size="15">${title}</text>`,
    ...levels,
    ...ticks,
    ...lines,
    ...marks,
    '</svg>',
    '',
  ].join('\n')
}

/** As many points as a line of this width can show. */
function thin(samples: readonly Sample[]): readonly Sample[] {
  const step = Math.ceil(samples.length / 200)
  return samples.filter((_, index) => index % step === 0 || index === samples.length - 1)
}
