import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { comparisonSchema, type Comparison } from '@ser/contracts'
import { describeDifference, describeRange } from '@ser/report/text'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { printResult, renderTable } from './terminal.ts'

export type ReportOptions = {
  /** The file; `-` for standard output. */
  readonly output: string
  /** Its runs side by side. */
  readonly experiment?: string
}

/** Writes the HTML report of a run, or the comparison of several or of an experiment's, and prints the comparison's figures. */
export async function saveReport(
  { client, terminal }: CommandContext,
  runs: readonly string[],
  { output, experiment }: ReportOptions,
): Promise<number> {
  const path = comparedAt(runs, experiment)
  const html = await client.text(path === undefined ? `/v1/runs/${encodeURIComponent(runs[0])}/report` : reportAt(path))
  if (output === '-') {
    terminal.print(html)
    return EXIT.ok
  }
  const file = resolve(output)
  await writeFile(file, html)
  if (path === undefined) {
    printResult(terminal, { run: runs[0], path: file }, () => [`wrote ${file}`])
    return EXIT.ok
  }
  const comparison = await client.get(path, comparisonSchema)
  printResult(terminal, { comparison, path: file }, () => [...renderComparisonTable(comparison), '', `wrote ${file}`])
  return EXIT.ok
}

/** Where the comparison is; nothing for a single run. */
function comparedAt(runs: readonly string[], experiment: string | undefined): string | undefined {
  if ((experiment === undefined) === (runs.length === 0))
    throw new CliError(EXIT.usage, 'OPTION_INVALID', 'name one run, several runs, or --experiment')
  if (experiment !== undefined) return `/v1/experiments/${encodeURIComponent(experiment)}/comparison`
  return runs.length === 1 ? undefined : `/v1/comparisons?runs=${runs.map(encodeURIComponent).join()}`
}

function reportAt(path: string): string {
  return path.startsWith('/v1/experiments') ? path.replace(/comparison$/, 'report') : path.replace('?', '/report?')
}

/** Groups with their figures, then each two on the clips that both tested. */
function renderComparisonTable({ groups, pairs }: Comparison): string[] {
  const figures = groups.map(({ name, figures: told, runs, completed }) => [
    name,
    told === null ? null : describeRange(withoutGaps(told.accuracy), 2),
    told === null ? null : describeRange(withoutGaps(told.uar), 2),
    `${completed}/${runs.length}`,
  ])
  const compared = pairs.map(({ first, second, clips, difference, onlyFirst, onlySecond, pValue }) => [
    `${groups[second].name} against ${groups[first].name}`,
    clips,
    describeDifference(difference.accuracy),
    describeDifference(difference.uar),
    `${onlySecond} / ${onlyFirst}`,
    pValue < 0.001 ? '< 0.001' : pValue.toFixed(3),
  ])
  const lines = renderTable(['runs', 'accuracy', 'UAR', 'completed'], figures)
  if (compared.length === 0) return lines
  const heads = ['two by two, in points', 'clips', 'accuracy', 'UAR', 'only it right / only the other', "McNemar's p"]
  return [...lines, '', ...renderTable(heads, compared)]
}

type Figure = NonNullable<Comparison['groups'][number]['figures']>['accuracy']

/** An absent interval instead of an undefined one. */
function withoutGaps({ interval, ...figure }: Figure) {
  return interval === undefined ? figure : { ...figure, interval }
}
