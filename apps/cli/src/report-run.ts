import type { Run } from '@ser/contracts'
import {
  confusionTable,
  describeAttempts,
  describeInterval,
  describeTraining,
  mebibytes,
  percent,
  textCurves,
} from '@ser/report/text'
import { EXIT } from './cli-error.ts'
import { printResult, type Terminal } from './terminal.ts'

/** Prints how a run ended, with its figures, and gives the exit code. */
export function reportRun(terminal: Terminal, run: Run): number {
  printResult(terminal, run, () => renderRun(run, terminal.columns))
  return run.status === 'failed' || run.status === 'cancelled' ? EXIT.failed : EXIT.ok
}

/** A run as text: its end, accuracy, curves and confusion matrix. */
export function renderRun(run: Run, columns: number): string[] {
  const lines = [`run ${run.id}: ${run.status}${run.error === null ? '' : `, ${run.error.message}`}`]
  if (run.epochs.length > 0) lines.push('', ...textCurves(run.epochs, { width: columns }))
  const { evaluation, version, snapshot } = run
  if (evaluation === null) return lines
  const side = snapshot === null ? '' : ` on ${snapshot.test} test recordings (${describeTraining(snapshot)})`
  lines.push('', ...confusionTable(evaluation, { width: columns }), '')
  const figure = (name: 'accuracy' | 'uar') => {
    const interval = describeInterval(evaluation, name)
    return percent(evaluation[name], 2) + (interval === '' ? '' : ` (${interval})`)
  }
  lines.push(`accuracy ${figure('accuracy')}, UAR ${figure('uar')}${side}`)
  const attempts = describeAttempts(run)
  if (attempts !== null) lines.push(`attempts ${attempts}`)
  if (run.peakMemoryBytes) lines.push(`peak memory ${mebibytes(run.peakMemoryBytes)}`)
  if (version !== null) lines.push(`model ${version.model}@${version.version}`)
  return lines
}
