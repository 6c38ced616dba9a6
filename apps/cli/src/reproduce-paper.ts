import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { runSchema, runSpecHash, runSpecSchema, runSummarySchema, type Run, type RunSpec } from '@ser/contracts'
import { percent, renderComparison, summariseRuns, type FigureRange, type RunGroup } from '@ser/report'
import { z } from 'zod'
import { EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { parseInput } from './parse-input.ts'
import { printResult, renderTable, type Terminal } from './terminal.ts'
import { readRunSpec } from './train-model.ts'
import { watchRun } from './watch-run.ts'

export type ReproduceOptions = {
  readonly dataset: string
  readonly scenarios: readonly number[]
  readonly layouts: readonly string[]
  readonly seeds: readonly number[]
  readonly epochs?: number
  readonly out?: string
}

/** The accuracies that the paper reports (Bledea, Speech Emotion Recognition With Recurrent Neural Networks). */
const PAPER: Readonly<Record<number, string>> = { 1: '95 %', 2: '96 %', 3: '96 %' }
const FEATURES: Readonly<Record<number, string>> = { 1: 'mel', 2: 'mel, MFCC, ZCR, RMS', 3: 'mel, MFCC, RMS' }

/**
 * Trains the paper's scenarios, each with every seed and layout asked for, and prints its table beside ours. A run whose spec was
 * completed before is not trained again: the same spec gives the same numbers.
 */
export async function reproducePaper(context: CommandContext, options: ReproduceOptions): Promise<number> {
  const { terminal } = context
  const groups: RunGroup[] = []
  for (const layout of options.layouts) {
    for (const scenario of options.scenarios) {
      const runs: Run[] = []
      for (const seed of options.seeds)
        runs.push(await completeRun(context, readSpec(options, { scenario, layout, seed })))
      groups.push({
        name: `scenario ${scenario} (${FEATURES[scenario]}), ${layout}`,
        runs,
        ...(PAPER[scenario] === undefined ? {} : { reference: PAPER[scenario] }),
      })
    }
  }
  const page = options.out === undefined ? undefined : await savePage(options, groups)
  printResult(terminal, { groups, page: page ?? null }, () => [
    ...renderTable(['scenario', 'paper', 'accuracy', 'UAR', 'runs', 's per epoch'], groups.map(tableRow)),
    ...(page === undefined ? [] : ['', `wrote ${page}`]),
  ])
  return groups.every(({ runs }) => runs.every(({ status }) => status === 'completed')) ? EXIT.ok : EXIT.failed
}

function readSpec(
  { dataset, epochs }: ReproduceOptions,
  { scenario, layout, seed }: { scenario: number; layout: string; seed: number },
): RunSpec {
  const options = { dataset: [dataset], scenario, layout, seed, ...(epochs === undefined ? {} : { epochs }) }
  return parseInput(runSpecSchema, readRunSpec(options))
}

async function completeRun(context: CommandContext, spec: RunSpec): Promise<Run> {
  const { client, terminal, signal } = context
  const label = `${spec.features.join(' ')}, ${spec.layout}, seed ${spec.seed}`
  const done = await findCompleted(context, runSpecHash(spec))
  if (done !== undefined) {
    describeEnd(terminal, `${label}: trained before`, done)
    return done
  }
  terminal.say(`${label}:`)
  const run = await watchRun(client, await client.post('/v1/runs', runSchema, { json: spec }), terminal, signal)
  describeEnd(terminal, label, run)
  return run
}

function describeEnd(terminal: Terminal, label: string, { status, evaluation, error }: Run): void {
  const figures = evaluation === null ? (error?.message ?? '') : `accuracy ${percent(evaluation.accuracy, 2)}`
  terminal.say(`${label}, ${status}, ${figures}`)
}

const runsPage = z.object({ items: z.array(runSummarySchema), nextCursor: z.string().nullable() })

async function findCompleted({ client }: CommandContext, specHash: string): Promise<Run | undefined> {
  let cursor: string | undefined
  do {
    const page = await client.get('/v1/runs', runsPage, { status: 'completed', limit: 200, cursor })
    const found = page.items.find((run) => run.specHash === specHash)
    if (found !== undefined) return client.get(`/v1/runs/${found.id}`, runSchema)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return undefined
}

function tableRow({ name, runs, reference = '' }: RunGroup): (string | number | null)[] {
  const figures = summariseRuns(runs)
  if (figures === undefined) return [name, reference, null, null, runs.length, null]
  return [name, reference, range(figures.accuracy), range(figures.uar), runs.length, figures.secondsPerEpoch.toFixed(2)]
}

function range({ mean, least, most }: FigureRange): string {
  return `${percent(mean, 2)} (${percent(least, 2)} to ${percent(most, 2)})`
}

async function savePage(options: ReproduceOptions, groups: readonly RunGroup[]): Promise<string> {
  const folder = resolve(options.out ?? '.')
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'reproduction.html')
  const command = `npx ser reproduce --dataset ${options.dataset} --scenarios ${options.scenarios.join(',')} --layouts ${options.layouts.join(',')} --seeds ${options.seeds.join(',')}`
  const title = "The paper's scenarios, reproduced"
  await writeFile(
    path,
    renderComparison(groups, {
      title,
      referenceName: 'Paper',
      command,
      generatedAt: new Date().toISOString().slice(0, 10),
    }),
  )
  return path
}
