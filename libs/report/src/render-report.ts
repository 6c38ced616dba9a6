import { percent } from './format-numbers.ts'
import { totalEpochs, type Evaluation, type Run } from '@ser/contracts'
import { describeRun, type RunExtras } from './describe-run.ts'
import { describeSides } from './describe-sides.ts'
import { drawClassBars } from './draw-class-bars.ts'
import { drawConfusion } from './draw-confusion.ts'
import { drawAccuracyCurves, drawLossCurves } from './draw-curves.ts'
import { escapeHtml } from './escape-html.ts'
import { describeInterval } from './describe-interval.ts'
import { renderCertainty } from './render-certainty.ts'
import { renderPage } from './render-page.ts'
import { commonMistakes } from './common-mistakes.ts'

/**
 * One self-contained HTML page of a run: figures, curves, confusion matrices, per-class table, and everything needed to repeat it.
 * No script, no request to anywhere; light, dark and print styles; every picture has a description and its numbers as a table.
 * A run that is not finished is reported as far as it is.
 */
export function renderRunReport(run: Run, extras: RunExtras = {}): string {
  const title = run.version === null ? `Run ${run.id}` : `${run.version.model} version ${run.version.version}`
  const body = [
    header(run, title),
    extras.notice === undefined ? '' : `<p class="notice" role="note">${escapeHtml(extras.notice)}</p>`,
    run.error === null
      ? ''
      : `<p class="notice" role="note">${escapeHtml(`${run.error.code}: ${run.error.message}`)}</p>`,
    headlines(run),
    run.epochs.length === 0 ? '' : curves(run),
    run.evaluation === null ? '' : evaluationSections(run.evaluation),
    run.evaluation === null ? '' : renderCertainty(run.evaluation),
    commands(extras),
    factSections(run, extras),
    `<footer>Made by ser${extras.generatedAt === undefined ? '' : ` on ${escapeHtml(extras.generatedAt)}`}. Feature definitions: librosa 0.11. Accuracy is the share of test recordings that are right; UAR is the mean of the classes' recalls.</footer>`,
  ]
  return renderPage(`${title} · speech emotion recognition`, body)
}

function header(run: Run, title: string): string {
  const when = run.finishedAt ?? run.startedAt ?? run.createdAt
  const sub = `Speech emotion recognition · trained on ${run.spec.datasets.join(', ')} · ${run.status} · ${when.slice(0, 16).replace('T', ' ')}`
  return `<header><h1>${escapeHtml(title)}</h1><p class="sub">${escapeHtml(sub)}</p></header>`
}

function headlines(run: Run): string {
  const { evaluation, snapshot } = run
  const figures: [string, string, string][] = []
  if (evaluation !== null) {
    figures.push(['Accuracy', percent(evaluation.accuracy), describeInterval(evaluation, 'accuracy')])
    figures.push(['UAR', percent(evaluation.uar), describeInterval(evaluation, 'uar')])
    figures.push(['Macro F1', percent(evaluation.macroF1), describeInterval(evaluation, 'macroF1')])
    figures.push(['Test loss', evaluation.loss.toFixed(4), ''])
  }
  figures.push(['Epochs', String(run.epochs.length), `of ${totalEpochs(run.spec)}`])
  if (snapshot !== null)
    figures.push([
      'Recordings',
      String(snapshot.train + (snapshot.validation ?? 0) + snapshot.test),
      describeSides(snapshot),
    ])
  const items = figures.map(
    ([name, value, small]) => `<div><dt>${name}</dt><dd>${value} <small>${small}</small></dd></div>`,
  )
  return `<dl class="figures">${items.join('')}</dl>`
}

function curves(run: Run): string {
  return `<section><h2>Learning curves</h2><div class="pair">
<figure><h3>Accuracy</h3>${drawAccuracyCurves(run.epochs)}</figure>
<figure><h3>Loss</h3>${drawLossCurves(run.epochs)}</figure>
</div></section>`
}

function evaluationSections(evaluation: Evaluation): string {
  return `<section><h2>Confusion matrix of the test side</h2><div class="pair">
<figure><h3>Recordings</h3>${drawConfusion(evaluation, 'counts')}</figure>
<figure><h3>Share of the true class, per cent</h3>${drawConfusion(evaluation, 'row-normalised')}</figure>
</div>${mistakes(evaluation)}</section>
<section><h2>Classes</h2><figure>${drawClassBars(evaluation)}</figure><div class="scroll">${classTable(evaluation)}</div></section>`
}

function mistakes(evaluation: Evaluation): string {
  const list = commonMistakes(evaluation, 3).map(
    ({ count, truth, predicted }) => `${truth} taken for ${predicted} (${count})`,
  )
  const text =
    list.length === 0 ? 'No recording of the test side was misjudged.' : `Most frequent mistakes: ${list.join(', ')}.`
  return `<p class="sub">${escapeHtml(text)}</p>`
}

function classTable(evaluation: Evaluation): string {
  const heads = ['Class', 'Recordings', 'Precision', 'Recall', 'F1']
  const rows = evaluation.perClass.map(
    (figures) =>
      `<tr><th scope="row">${escapeHtml(figures.label)}</th>${[String(figures.support), percent(figures.precision), percent(figures.recall), percent(figures.f1)].map((cell) => `<td class="number">${cell}</td>`).join('')}</tr>`,
  )
  const head = heads
    .map((name, index) => `<th scope="col"${index === 0 ? '' : ' class="number"'}>${name}</th>`)
    .join('')
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function commands(extras: RunExtras): string {
  const { predictCommand, repeatCommand } = extras
  if (predictCommand === undefined && repeatCommand === undefined) return ''
  return `<section><h2>Use it</h2>${commandBlock('Predict the emotion of a recording', predictCommand)}${commandBlock('Train it again', repeatCommand)}</section>`
}

function commandBlock(name: string, command: string | undefined): string {
  return command === undefined ? '' : `<h3>${name}</h3><pre tabindex="0">${escapeHtml(command)}</pre>`
}

function factSections(run: Run, extras: RunExtras): string {
  return describeRun(run, extras)
    .map(({ title, facts }) => {
      const rows = facts.map(
        ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
      )
      return `<section><h2>${escapeHtml(title)}</h2><table class="facts"><tbody>${rows.join('')}</tbody></table></section>`
    })
    .join('\n')
}
