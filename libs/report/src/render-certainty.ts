import type { Evaluation } from '@ser/contracts'
import { span } from './describe-interval.ts'
import { drawReliability } from './draw-reliability.ts'
import { escapeHtml } from './escape-html.ts'
import { percent } from './format-numbers.ts'

/** How sure the figures of a test side are, how they differ between speakers and datasets, and how far confidence can be trusted. `id` is unique on its page. */
export function renderCertainty(evaluation: Evaluation, id?: string): string {
  const { intervals = [], groups = [], calibration } = evaluation
  const parts = [
    intervals.length === 0 ? '' : `<section><h2>How sure the figures are</h2>${intervalTable(evaluation)}</section>`,
    calibration === undefined
      ? ''
      : `<section><h2>Calibration</h2><figure>${drawReliability(calibration, id)}<figcaption>Expected calibration error ${percent(calibration.ece)}: how far confidence and share of right answers lie apart on average, in ${calibration.bins.length} of 15 bins that hold a recording.</figcaption></figure></section>`,
    groups.length < 2
      ? ''
      : `<section><h2>By speaker, dataset and condition</h2><div class="scroll">${groupTable(groups)}</div><p class="sub">Intervals are Wilson's, 95 %, of the group's recordings.</p></section>`,
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function intervalTable({ intervals = [] }: Evaluation): string {
  const rows = intervals.map(
    ({ over, units, accuracy, uar, macroF1 }) =>
      `<tr><th scope="row">${over === 'recordings' ? 'Other recordings of these speakers' : 'Other speakers'} <small>(${units} ${over} drawn)</small></th>${numbers([accuracy, uar, macroF1].map(span))}</tr>`,
  )
  const [{ level, resamples }] = intervals
  return `<div class="scroll">${table(['What might have been', 'Accuracy', 'UAR', 'Macro F1'], rows)}</div><p class="sub">${percent(level, 0)} percentile bootstrap intervals, ${resamples} resamples of the test side. They say nothing of other seeds or of recordings made elsewhere.</p>`
}

function groupTable(groups: NonNullable<Evaluation['groups']>): string {
  const rows = groups.map(
    ({ by, name, support, accuracy, accuracyInterval, uar, macroF1 }) =>
      `<tr><th scope="row">${escapeHtml(`${by} ${name}`)}</th>${numbers([String(support), percent(accuracy), accuracyInterval === undefined ? '' : span(accuracyInterval), percent(uar), percent(macroF1)])}</tr>`,
  )
  return table(['Of', 'Recordings', 'Accuracy', '95 %', 'UAR', 'Macro F1'], rows)
}

export function table(heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((name, index) => `<th scope="col"${index === 0 ? '' : ' class="number"'}>${name}</th>`)
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

export function numbers(cells: readonly string[]): string {
  return cells.map((cell) => `<td class="number">${cell}</td>`).join('')
}
