import type { Comparison, Evaluation, Run } from '@ser/contracts'
import { drawConfusion } from './draw-confusion.ts'
import { drawAccuracyCurves, drawLossCurves } from './draw-curves.ts'
import { escapeHtml } from './escape-html.ts'
import { describeDifference, describeRange } from './describe-figures.ts'
import { describeSides } from './describe-sides.ts'
import { numbers, renderCertainty, table } from './render-certainty.ts'
import { renderPage } from './render-page.ts'
import { summariseRuns, type FigureRange } from './summarise-runs.ts'

/** Runs of one spec that differ only in their seed and fold, and what they are held against. */
export type RunGroup = {
  readonly name: string
  readonly runs: readonly Run[]
  /** What somebody else reports for the same, as text: `95 %`. */
  readonly reference?: string
  /** Of folds: the evaluation of all their test clips together. */
  readonly pooled?: Evaluation
}

export type ComparisonExtras = {
  readonly title: string
  /** The heading of the reference column. */
  readonly referenceName?: string
  /** How the page was made, as a command. */
  readonly command?: string
  readonly generatedAt?: string
  /** The groups two by two, on the clips that both tested. */
  readonly pairs?: Comparison['pairs']
}

/**
 * One self-contained HTML page that lays groups of runs side by side: the figures over the seeds with range and interval, each two groups
 * on the clips that both tested, then curves and confusion matrix of each group. Runs without an evaluation are counted, not averaged.
 */
export function renderComparison(groups: readonly RunGroup[], extras: ComparisonExtras): string {
  const body = [
    `<header><h1>${escapeHtml(extras.title)}</h1><p class="sub">${escapeHtml(describeGroups(groups))}</p></header>`,
    figuresSection(groups, extras),
    pairsSection(groups, extras.pairs ?? []),
    ...groups.map((group, index) => pictures(group, index)),
    extras.command === undefined
      ? ''
      : `<section><h2>Make it again</h2><pre tabindex="0">${escapeHtml(extras.command)}</pre></section>`,
    `<footer>Made by ser${extras.generatedAt === undefined ? '' : ` on ${escapeHtml(extras.generatedAt)}`}. In brackets the lowest and the highest of the seeds, folds of one seed counted together; ± is Student's t interval of the mean over the seeds, 95 %, which says nothing of other recordings.</footer>`,
  ]
  return renderPage(extras.title, body)
}

function describeGroups(groups: readonly RunGroup[]): string {
  const runs = groups.flatMap((group) => group.runs)
  const first = runs[0]
  const sides = first?.snapshot ? `, recordings: ${describeSides(first.snapshot)}` : ''
  return `${runs.length} runs on ${first?.spec.datasets.join(', ') ?? 'nothing'}${sides}`
}

function figuresSection(groups: readonly RunGroup[], { referenceName = 'reference' }: ComparisonExtras): string {
  const heads = ['', referenceName, 'Accuracy', 'UAR', 'Macro F1', 'Runs', 's per epoch']
  const rows = groups.map((group) => {
    const figures = summariseRuns(group.runs)
    const cells = [
      group.reference ?? '',
      range(figures?.accuracy),
      range(figures?.uar),
      range(figures?.macroF1),
      String(group.runs.length),
      figures === undefined ? '' : figures.secondsPerEpoch.toFixed(2),
    ]
    return `<tr><th scope="row">${escapeHtml(group.name)}</th>${cells.map((cell) => `<td class="number">${escapeHtml(cell)}</td>`).join('')}</tr>`
  })
  const head = heads.map(
    (name, index) => `<th scope="col"${index === 0 ? '' : ' class="number"'}>${escapeHtml(name)}</th>`,
  )
  return `<section><h2>Figures</h2><div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`
}

function range(figure: FigureRange | undefined): string {
  return figure === undefined ? '' : describeRange(figure)
}

function pairsSection(groups: readonly RunGroup[], pairs: Comparison['pairs']): string {
  if (pairs.length === 0) return ''
  const rows = pairs.map(({ first, second, clips, difference, onlyFirst, onlySecond, pValue }) => {
    const cells = [
      String(clips),
      describeDifference(difference.accuracy),
      describeDifference(difference.uar),
      `${onlySecond} / ${onlyFirst}`,
      pValue < 0.001 ? '< 0.001' : pValue.toFixed(3),
    ]
    const name = `${groups[second].name} against ${groups[first].name}`
    return `<tr><th scope="row">${escapeHtml(name)}</th>${numbers(cells)}</tr>`
  })
  const heads = ['', 'Clips', 'Accuracy', 'UAR', 'Only this / only the other right', "McNemar's p"]
  return `<section><h2>Two by two</h2><div class="scroll">${table(heads, rows)}</div><p class="sub">Differences in points with their paired bootstrap intervals, 95 %, on the clips that both tested with the same seed. Many comparisons make some p values small by chance.</p></section>`
}

function pictures({ name, runs, pooled }: RunGroup, index: number): string {
  const run = runs.find(({ evaluation }) => evaluation !== null)
  const evaluation = pooled ?? run?.evaluation
  if (run === undefined || !evaluation) return ''
  const title =
    'fold' in run.spec.split
      ? `${name}, seed ${run.spec.seed}, curves of fold ${run.spec.split.fold}`
      : `${name}, seed ${run.spec.seed}`
  const of = pooled === undefined ? 'of the test side' : 'of all folds'
  return `<section><h2>${escapeHtml(title)}</h2><div class="pair">
<figure><h3>Accuracy over the epochs</h3>${drawAccuracyCurves(run.epochs, `g${index}-accuracy`)}<h3>Loss over the epochs</h3>${drawLossCurves(run.epochs, `g${index}-loss`)}</figure>
<figure><h3>Confusion matrix ${of}, recordings</h3>${drawConfusion(evaluation, 'counts', `g${index}-confusion`)}</figure>
</div>${pooled === undefined ? '' : renderCertainty(pooled, `g${index}-reliability`)}</section>`
}
