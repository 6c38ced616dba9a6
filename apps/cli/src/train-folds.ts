import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  comparisonSchema,
  nameSchema,
  runSpecHash,
  runSpecSchema,
  type Comparison,
  type Run,
  type RunSpec,
} from '@ser/contracts'
import { describeInterval, percent } from '@ser/report/text'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { awaitRun, ensureRun, type EnsuredRun } from './ensure-run.ts'
import { parseInput } from './parse-input.ts'
import { printResult, renderTable } from './terminal.ts'

export type FoldOptions = {
  readonly folds: number
  /** What is divided into folds. */
  readonly foldBy: 'clip' | 'word' | 'speaker'
  /** Default: made of the model's name and the spec. */
  readonly experiment?: string
  /** The page (default: `<experiment>.html`). */
  readonly out?: string
}

/**
 * Cross-validation: one run a fold as one experiment, each clip tested on in one of them; then the figures of every fold and of all test
 * clips together, with intervals, and the page. A fold that was trained before is not trained again.
 */
export async function trainFolds(
  context: CommandContext,
  input: Readonly<Record<string, unknown>>,
  { folds, foldBy, out, experiment: named }: FoldOptions,
): Promise<number> {
  if (!Number.isInteger(folds) || folds < 2) {
    throw new CliError(EXIT.usage, 'OPTION_INVALID', '--folds is a whole number from 2 on')
  }
  const specs = Array.from({ length: folds }, (_, index) =>
    parseInput(runSpecSchema, { ...input, split: { by: `${foldBy}-fold`, folds, fold: index + 1 } }),
  )
  const experiment = parseInput(nameSchema, named ?? nameOf(specs[0]))
  const { client, terminal } = context
  terminal.say(`experiment ${experiment}: ${folds} folds by ${foldBy}`)
  // All at once, so that several trainers share them.
  const asked: EnsuredRun[] = []
  for (const spec of specs) asked.push(await ensureRun(context, spec, experiment))
  const runs: Run[] = []
  for (const [index, one] of asked.entries()) runs.push(await awaitRun(context, one, `fold ${index + 1} of ${folds}`))
  const comparison = await client.get(`/v1/comparisons?runs=${runs.map(({ id }) => id).join()}`, comparisonSchema)
  const page = resolve(out ?? `${experiment}.html`)
  await writeFile(page, await client.text(`/v1/comparisons/report?runs=${runs.map(({ id }) => id).join()}`))
  printResult(terminal, { experiment, runs, comparison, page }, () => [
    ...renderFolds(runs, comparison),
    '',
    `wrote ${page}`,
  ])
  return runs.every(({ status }) => status === 'completed') ? EXIT.ok : EXIT.failed
}

/** The same folds of the same spec are the same experiment. */
function nameOf(spec: RunSpec): string {
  return `${spec.model.slice(0, 40)}-folds-${runSpecHash(spec).slice(0, 8)}`
}

function renderFolds(runs: readonly Run[], { groups }: Comparison): string[] {
  const rows = runs.map((run, index) => row(`fold ${index + 1}`, run.snapshot?.test ?? null, run.evaluation))
  const pooled = groups[0]?.pooled ?? null
  const all = runs.reduce((sum, { snapshot }) => sum + (snapshot?.test ?? 0), 0)
  return renderTable(['', 'clips', 'accuracy', 'UAR', 'macro F1'], [...rows, row('all folds', all, pooled)])
}

function figure(evaluation: Run['evaluation'], name: 'accuracy' | 'uar' | 'macroF1'): string | null {
  if (evaluation === null) return null
  const interval = describeInterval(evaluation, name)
  return percent(evaluation[name], 2) + (interval === '' ? '' : ` (${interval})`)
}

function row(name: string, clips: number | null, evaluation: Run['evaluation']): (string | number | null)[] {
  const figures = (['accuracy', 'uar', 'macroF1'] as const).map((one) => figure(evaluation, one))
  return [name, clips, ...figures]
}
