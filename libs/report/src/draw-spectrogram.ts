import { FONT } from './chart-style.ts'
import { escapeHtml } from './escape-html.ts'

export type SpectrogramPicture = {
  /** Data URI of the picture itself: time to the right, mel-spaced frequency upwards. */
  readonly image: string
  readonly seconds: number
  /** The upper edge of the picture. */
  readonly highestHz: number
  /** What the darkest colour stands for, below the loudest value. */
  readonly rangeDb: number
}

const [WIDTH, HEIGHT] = [640, 240]
const PLOT = { left: 52, top: 8, width: WIDTH - 64, height: HEIGHT - 44 }
const TICKS_HZ = [125, 250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000]

/** A spectrogram with its axes, in seconds and Hz, as a self-contained SVG. The same picture gives the same text. */
export function drawSpectrogram({ image, seconds, highestHz, rangeDb }: SpectrogramPicture): string {
  const { left, top, width, height } = PLOT
  const bottom = top + height
  const times = timeTicks(seconds).map((time) => {
    const x = round(left + (width * time) / seconds)
    return `<path d="M${x} ${bottom}v4"/><text x="${x}" y="${bottom + 16}" text-anchor="middle">${time}</text>`
  })
  const frequencies = TICKS_HZ.filter((hz) => hz < highestHz).map((hz) => {
    const y = round(bottom - (height * mel(hz)) / mel(highestHz))
    return `<path d="M${left} ${y}h-4"/><text x="${left - 7}" y="${y + 4}" text-anchor="end">${hz}</text>`
  })
  const said = `Spectrogram: ${seconds.toFixed(2)} s, 0 to ${Math.round(highestHz)} Hz on the mel scale, ${rangeDb} dB below the loudest value and louder`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${said}">`,
    `<image x="${left}" y="${top}" width="${width}" height="${height}" preserveAspectRatio="none" href="${escapeHtml(image)}"/>`,
    `<g font-family="${escapeHtml(FONT)}" font-size="11" fill="#7a8594" stroke-width="0">${[...times, ...frequencies].join('').replaceAll('<path ', '<path stroke="#7a8594" stroke-width="1" ')}`,
    `<text x="${left + width / 2}" y="${HEIGHT - 4}" text-anchor="middle">time in s</text>`,
    `<text x="12" y="${top + height / 2}" text-anchor="middle" transform="rotate(-90 12 ${top + height / 2})">frequency in Hz</text></g></svg>`,
  ].join('')
}

/** At 1, 2 or 5 times a power of ten, five to ten of them. */
function timeTicks(seconds: number): number[] {
  const rough = seconds / 8
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10)
  const digits = Math.max(0, -Math.floor(Math.log10(step)))
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => Number((index * step).toFixed(digits)))
}

/** Slaney's mel scale, as librosa has it: linear below 1000 Hz, logarithmic above. */
function mel(hz: number): number {
  return hz < 1000 ? (3 * hz) / 200 : 15 + (27 * Math.log(hz / 1000)) / Math.log(6.4)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
