import { EMOTIONS, type Prediction, type Timeline } from '@ser/contracts'
import { clock, describeTimeline, findStretches } from './describe-timeline.ts'
import { drawTimeline } from './draw-timeline.ts'
import { escapeHtml } from './escape-html.ts'
import { percent } from './format-numbers.ts'
import { renderPage } from './render-page.ts'

/** A page about a recording's emotions over time: the picture, the shares, and every stretch that one emotion lasts. */
export function renderTimelinePage(file: string, prediction: Prediction & { readonly timeline: Timeline }): string {
  const { model, version, emotion, confidence, seconds, timeline } = prediction
  const figures = [
    ['on the whole', emotion, percent(confidence)],
    ['lasts', clock(seconds), `${timeline.windows.length} windows of ${timeline.window} s`],
    ['silent', percent(timeline.shares.silent), `below ${timeline.silence} dBFS`],
    ['uncertain', percent(timeline.shares.uncertain), ''],
  ].map(
    ([name, value, note]) =>
      `<div><dt>${name}</dt><dd>${escapeHtml(value)}<small>${escapeHtml(note)}</small></dd></div>`,
  )
  const shares = EMOTIONS.map((name) => [name, timeline.shares.emotions[name], prediction.probabilities[name]] as const)
    .sort(([, a], [, b]) => b - a)
    .map(
      ([name, share, mean]) =>
        `<tr><th>${name}</th><td class="number">${percent(share)}</td><td class="number">${percent(mean)}</td></tr>`,
    )
  const stretches = findStretches(timeline.windows).map(
    ({ start, end, what }) => `<tr><td>${clock(start)}</td><td>${clock(end)}</td><td>${what}</td></tr>`,
  )
  return renderPage(`${file}: emotions over time`, [
    `<header><h1>${escapeHtml(file)}</h1><p class="sub">by ${escapeHtml(model)}@${version}</p></header>`,
    `<dl class="figures">${figures.join('')}</dl>`,
    `<section><h2>Emotions over time</h2><figure>${drawTimeline(timeline)}<figcaption>${escapeHtml(describeTimeline(timeline))}. Gaps are silence.</figcaption></figure></section>`,
    `<section><h2>Shares</h2><table><thead><tr><th>emotion</th><th class="number">of the windows</th><th class="number">mean probability</th></tr></thead><tbody>${shares.join('')}</tbody></table></section>`,
    `<section><h2>Stretches</h2><div class="scroll"><table><thead><tr><th>from</th><th>to</th><th></th></tr></thead><tbody>${stretches.join('')}</tbody></table></div></section>`,
  ])
}
