import type { Run } from '@ser/contracts'
import { drawConfusion } from './draw-confusion.ts'
import { drawAccuracyCurves, drawLossCurves } from './draw-curves.ts'
import { escapeHtml } from './escape-html.ts'
import { percent } from './format-numbers.ts'
import { renderPage } from './render-page.ts'
import { summariseRuns, type RunSummaryFigures } from './summarise-runs.ts'

/** Runs of one spec that differ only in their seed, and what they are held against. */
export type RunGroup = {
  readonly name: string
  readonly runs: readonly Run[]
  /** What somebody else reports for the same, as text: `95 %`. */
  readonly reference?: string
}

export type ComparisonExtras = {
  readonly title: string
  /** The heading of the reference column. */
  readonly referenceName?: string
  /** How the page was made, as a command. */
  readonly command?: string
  readonly generatedAt?: string
}

/**
 * One self-contained HTML page that lays groups of runs side by side: accuracy and UAR as mean and range over the seeds, then the
 * curves and the confusion matrix of the first run of each group. Runs without an evaluation are counted, not averaged.
 */
export function renderComparison(groups: readonly RunGroup[], extras: ComparisonExtras): string {
  const body = [
    `<header><h1>${escapeHtml(extras.title)}</h1><p class="sub">${escapeHtml(describeGroups(groups))}</p></header>`,
    figuresSection(groups, extras),
    ...groups.map((group, index) => pictures(group, index)),
    extras.command === undefined
      ? ''
      : `<section><h2>Make it again</h2><pre tabindex="0">${escapeHtml(extras.command)}</pre></section>`,
    `<footer>Made by ser${extras.generatedAt === undefined ? '' : ` on ${escapeHtml(extras.generatedAt)}`}. Ranges are the lowest and the highest of the seeds.</footer>`,
  ]
  return renderPage(extras.title, body)
}

function describeGroups(groups: readonly RunGroup[]): string {
  const runs = groups.flatMap((group) => group.runs)
  const first = runs[0]
  const sides = first?.snapshot
    ? `, ${first.snapshot.train} recordings for training, ${first.snapshot.test} for the test`
    : ''
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

function range(figure: RunSummaryFigures['accuracy'] | undefined): string {
  if (figure === undefined) return ''
  if (figure.least === figure.most) return percent(figure.mean)
  return `${percent(figure.mean)} (${percent(figure.least)} to ${percent(figure.most)})`
}

function pictures({ name, runs }: RunGroup, index: number): string {
  const run = runs.find(({ evaluation }) => evaluation !== null)
  if (run === undefined || run.evaluation === null) return ''
  return `<section><h2>${escapeHtml(`${name}, seed ${run.spec.seed}`)}</h2><div class="pair">
<figure><h3>Accuracy over the epochs</h3>${drawAccuracyCurves(run.epochs, `g${index}-accuracy`)}<h3>Loss over the epochs</h3>${drawLossCurves(run.epochs, `g${index}-loss`)}</figure>
<figure><h3>Confusion matrix of the test side, recordings</h3>${drawConfusion(run.evaluation, 'counts', `g${index}-confusion`)}</figure>
</div></section>`
}
