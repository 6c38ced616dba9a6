import type { Evaluation } from '@ser/contracts'
import { drawReliability } from './draw-reliability.ts'
import { escapeHtml } from './escape-html.ts'
import { percent } from './format-numbers.ts'

type Interval = { readonly low: number; readonly high: number }

/** How sure the figures of a test side are, how they differ between speakers and datasets, and how far confidence can be trusted. */
export function renderCertainty(evaluation: Evaluation): string {
  const { intervals = [], groups = [], calibration } = evaluation
  const parts = [
    intervals.length === 0 ? '' : `<section><h2>How sure the figures are</h2>${intervalTable(evaluation)}</section>`,
    calibration === undefined
      ? ''
      : `<section><h2>Calibration</h2><figure>${drawReliability(calibration)}<figcaption>Expected calibration error ${percent(calibration.ece)}: how far confidence and share of right answers lie apart on average, in ${calibration.bins.length} of 15 bins that hold a recording.</figcaption></figure></section>`,
    groups.length < 2
      ? ''
      : `<section><h2>By speaker and dataset</h2><div class="scroll">${groupTable(groups)}</div></section>`,
  ]
  return parts.filter((part) => part !== '').join('\n')
}

/** `95 %: 96.1 to 98.4 %`, of recordings; empty for what was evaluated without intervals. */
export function describeInterval(evaluation: Evaluation, figure: 'accuracy' | 'uar' | 'macroF1'): string {
  const found = evaluation.intervals?.find(({ over }) => over === 'recordings')
  return found === undefined ? '' : `${percent(found.level, 0)}: ${span(found[figure])}`
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
    ({ by, name, support, accuracy, uar, macroF1 }) =>
      `<tr><th scope="row">${escapeHtml(`${by} ${name}`)}</th>${numbers([String(support), percent(accuracy), percent(uar), percent(macroF1)])}</tr>`,
  )
  return table(['Of', 'Recordings', 'Accuracy', 'UAR', 'Macro F1'], rows)
}

function table(heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((name, index) => `<th scope="col"${index === 0 ? '' : ' class="number"'}>${name}</th>`)
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function numbers(cells: readonly string[]): string {
  return cells.map((cell) => `<td class="number">${cell}</td>`).join('')
}

function span({ low, high }: Interval): string {
  return `${(low * 100).toFixed(1)} to ${percent(high)}`
}
