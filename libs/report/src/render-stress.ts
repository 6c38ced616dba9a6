import type { StressEvaluation, StressResult } from '@ser/contracts'
import { describeCondition } from './describe-condition.ts'
import { drawStressBars, drawStressCurves } from './draw-stress.ts'
import { escapeHtml } from './escape-html.ts'
import { duration, percent } from './format-numbers.ts'
import { renderPage } from './render-page.ts'

/** A stress evaluation as one self-contained HTML page; of one that is not completed, how far it is. */
export function renderStressReport(evaluation: StressEvaluation): string {
  const { model, version, results } = evaluation
  const title = `${model}@${version} under stress`
  const head = `<header><h1>${escapeHtml(title)}</h1><p class="sub">${escapeHtml(describe(evaluation))}</p></header>`
  return renderPage(title, [
    head,
    notice(evaluation),
    renderStressCurves(evaluation),
    results.length === 0 ? '' : `<section><h2>All figures</h2><div class="scroll">${table(results)}</div></section>`,
    `<footer>Stress evaluation ${evaluation.id}, seed ${evaluation.request.seed}.</footer>`,
  ])
}

/** The curves over the SNR and the bars of the other conditions as HTML sections, for a page of `renderPage`; empty without results. */
export function renderStressCurves(evaluation: Pick<StressEvaluation, 'id' | 'results'>): string {
  const curves = [
    figure(drawStressCurves(evaluation, 'accuracy'), 'Accuracy'),
    figure(drawStressCurves(evaluation, 'uar'), 'Unweighted average recall'),
  ].join('')
  const bars = figure(drawStressBars(evaluation), 'Accuracy and unweighted average recall')
  return [
    curves === '' ? '' : `<section><h2>In noise</h2><div class="pair">${curves}</div></section>`,
    bars === '' ? '' : `<section><h2>In rooms, over the telephone, clipped</h2>${bars}</section>`,
  ].join('\n')
}

function figure(svg: string, caption: string): string {
  return svg === '' ? '' : `<figure>${svg}<figcaption>${escapeHtml(caption)}</figcaption></figure>`
}

function describe({ progress, request, resources, startedAt, finishedAt }: StressEvaluation): string {
  const voices =
    resources.voices === 0
      ? 'babble of other test recordings'
      : `babble of ${resources.voices} voices of ${request.resources.voices?.dataset ?? ''}`
  const noise =
    resources.noise === 0 ? '' : `, ${resources.noise} noise recordings of ${request.resources.noise?.dataset ?? ''}`
  const seconds =
    startedAt === null || finishedAt === null ? undefined : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
  const took = seconds === undefined ? '' : ` in ${duration(seconds)}`
  return `${progress.recordings ?? 0} test recordings under ${progress.conditions} conditions${took}; ${voices}${noise}`
}

function notice({ status, error, progress }: StressEvaluation): string {
  if (status === 'completed') return ''
  const said =
    status === 'failed'
      ? `It failed: ${error?.message ?? 'no reason is known'}`
      : `Not completed yet: ${progress.done} of ${progress.recordings ?? 'an unknown number of'} recordings are done.`
  return `<p class="notice">${escapeHtml(said)}</p>`
}

function table(results: readonly StressResult[]): string {
  const heads = ['Condition', 'Accuracy', '95 %', 'UAR', '95 %']
    .map((name, index) => `<th scope="col"${index === 0 ? '' : ' class="number"'}>${name}</th>`)
    .join('')
  const rows = results.map(({ condition, accuracy, uar, intervals }) => {
    const cells = [percent(accuracy), span(intervals.accuracy), percent(uar), span(intervals.uar)]
    const numbers = cells.map((cell) => `<td class="number">${cell}</td>`).join('')
    return `<tr><th scope="row">${escapeHtml(describeCondition(condition))}</th>${numbers}</tr>`
  })
  return `<table><thead><tr>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function span({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${(low * 100).toFixed(1)} to ${percent(high)}`
}
