import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Run } from '@ser/contracts'
import { renderComparison, type RunGroup } from '@ser/report'
import { describeRange, summariseRuns } from '@ser/report/text'
import { EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { awaitRun, ensureRun } from './ensure-run.ts'
import { ensureNoisyCopy } from './ensure-noisy-copy.ts'
import { planReproduction, type PlannedRow, type ReproduceOptions } from './plan-reproduction.ts'
import { printResult, renderTable } from './terminal.ts'

/**
 * Trains the paper's scenarios with every seed, layout and split asked for, and prints its table beside ours, with the interval over the
 * seeds. A run whose spec was completed before is not trained again: the same spec gives the same numbers.
 */
export async function reproducePaper(context: CommandContext, options: ReproduceOptions): Promise<number> {
  const { terminal } = context
  const rows = planReproduction(options)
  if (options.scenarios.includes(4)) await ensureNoisyCopy(context, options.dataset)
  const experiment = options.experiment ?? 'reproduction'
  const groups: RunGroup[] = []
  for (const row of rows) groups.push(await completeRow(context, row, experiment))
  const page = options.out === undefined ? undefined : await savePage(options, groups)
  printResult(terminal, { experiment, groups, page: page ?? null }, () => [
    ...renderTable(
      ['split', 'scenario', 'layout', 'paper', 'accuracy', 'UAR', 'seeds', 's per epoch'],
      groups.map((group, index) => tableRow(rows[index], group)),
    ),
    '',
    "mean over the seeds ± Student's t interval, 95 % (lowest to highest seed); folds of a seed are counted together",
    ...(page === undefined ? [] : [`wrote ${page}`]),
  ])
  return groups.every(({ runs }) => runs.every(({ status }) => status === 'completed')) ? EXIT.ok : EXIT.failed
}

async function completeRow(context: CommandContext, row: PlannedRow, experiment: string): Promise<RunGroup> {
  // All of a row at once, so that several trainers share them.
  const asked = []
  for (const spec of row.specs) asked.push(await ensureRun(context, spec, experiment))
  const runs: Run[] = []
  for (const [index, one] of asked.entries()) {
    const { seed, split } = row.specs[index]
    const fold = 'fold' in split ? `, fold ${split.fold} of ${split.folds}` : ''
    runs.push(await awaitRun(context, one, `${row.name}, seed ${seed}${fold}`))
  }
  return { name: row.name, runs, ...(row.paper === undefined ? {} : { reference: row.paper }) }
}

function tableRow({ split, scenario, layout, paper = '' }: PlannedRow, { runs }: RunGroup): (string | number | null)[] {
  const figures = summariseRuns(runs)
  const told = [split, scenario, layout, paper]
  if (figures === undefined) return [...told, null, null, 0, null]
  const { accuracy, uar, secondsPerEpoch } = figures
  return [...told, describeRange(accuracy, 2), describeRange(uar, 2), accuracy.count, secondsPerEpoch.toFixed(2)]
}

async function savePage(options: ReproduceOptions, groups: readonly RunGroup[]): Promise<string> {
  const folder = resolve(options.out ?? '.')
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'reproduction.html')
  const title = "The paper's scenarios, reproduced"
  const generatedAt = new Date().toISOString().slice(0, 10)
  const command = repeatCommand(options)
  await writeFile(path, renderComparison(groups, { title, referenceName: 'Paper', command, generatedAt }))
  return path
}

function repeatCommand({
  dataset,
  scenarios,
  layouts,
  seeds,
  by,
  across,
  train,
  test,
  epochs,
}: ReproduceOptions): string {
  const parts = [
    `npx ser reproduce --dataset ${dataset} --scenarios ${scenarios.join()} --layouts ${layouts.join()} --seeds ${seeds.join()}`,
    ...(by === undefined ? [] : [`--by ${by.join()}`]),
    ...(across === undefined ? [] : [`--across ${across.join(' ')}`]),
    ...(train === undefined ? [] : [`--train ${train.join(' ')}`]),
    ...(test === undefined ? [] : [`--test ${test.join(' ')}`]),
    ...(epochs === undefined ? [] : [`--epochs ${epochs}`]),
  ]
  return parts.join(' ')
}
