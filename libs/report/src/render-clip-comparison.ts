import type { ClipVariant } from '@ser/contracts'
import { escapeHtml } from './escape-html.ts'
import { renderPage } from './render-page.ts'

/** A recording as a page shows it. */
export type ShownClip = {
  readonly sha256: string
  readonly seconds: number
  readonly sampleRate: number
  /** SVG. */
  readonly spectrogram: string
  /** Data URI; left out where the recording is too long to be carried in a page. */
  readonly audio?: string
  /** How it was made; left out for the one that the others were made from. */
  readonly made?: ClipVariant
}

/** A recording and what was made from it, to be looked at and listened to side by side: one self-contained HTML page without scripts. */
export function renderClipComparison(clips: readonly ShownClip[]): string {
  const [first] = clips
  const title = clips.length === 1 ? 'A recording' : 'A recording and its variants'
  return renderPage(title, [
    `<header><h1>${title}</h1><p class="sub"><code>${first.sha256}</code></p></header>`,
    `<div class="pair">${clips.map(renderClip).join('\n')}</div>`,
    '<footer>Log-mel spectrograms, dB below the loudest value of each.</footer>',
  ])
}

function renderClip({ sha256, seconds, sampleRate, spectrogram, audio, made }: ShownClip): string {
  const name = made === undefined ? 'Original' : `${made.recipe.name} ${made.recipe.version}, copy ${made.copy}`
  const player =
    audio === undefined
      ? '<p class="sub">Too long to be played from this page.</p>'
      : `<p><audio controls preload="none" src="${escapeHtml(audio)}"></audio></p>`
  return [
    `<section><h2>${escapeHtml(name)}</h2><figure>${spectrogram}</figure>${player}`,
    `<p class="sub"><code>${sha256}</code><br>${seconds.toFixed(2)} s, ${sampleRate} Hz</p>`,
    made === undefined ? '' : transforms(made),
    '</section>',
  ].join('')
}

function transforms({ applied, seed, outputGainDb }: ClipVariant): string {
  const rows = applied.map(
    ({ transform, parameters }) =>
      `<tr><th scope="row">${escapeHtml(transform)}</th><td>${escapeHtml(describe(parameters))}</td></tr>`,
  )
  const gain = outputGainDb < 0 ? `, turned down by ${(-outputGainDb).toFixed(1)} dB to stay within full scale` : ''
  const said = rows.length === 0 ? 'No transform came down on this copy' : 'Applied in this order'
  const table =
    rows.length === 0 ? '' : `<div class="scroll"><table class="facts"><tbody>${rows.join('')}</tbody></table></div>`
  return `<p>${said}; seed ${seed}${gain}.</p>${table}`
}

function describe(parameters: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(parameters).map(([name, value]) => `${name} ${describeValue(value)}`)
  return parts.join(', ')
}

function describeValue(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)))
  if (Array.isArray(value)) return `[${value.map(describeValue).join(', ')}]`
  if (typeof value === 'string') return /^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, 12)}…` : value
  return JSON.stringify(value)
}
