import { runSchema, runSpecSchema, SCENARIOS, type RunSpecInput } from '@ser/contracts'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { parseInput } from './parse-input.ts'
import { reportRun } from './report-run.ts'
import { printResult } from './terminal.ts'
import { watchRun } from './watch-run.ts'

/** What `--split` takes. */
export const SPLITS =
  'clip, word, manifest, speaker:NAME,NAME, dataset:NAME,NAME, clip-fold:K/N or speaker-fold:K/N (fold K of N)'

export type TrainOptions = {
  readonly dataset: readonly string[]
  readonly scenario?: number
  readonly features?: readonly string[]
  readonly model?: string
  readonly layout?: string
  readonly split?: string
  readonly test?: number
  readonly relabel?: readonly string[]
  readonly seed?: number
  readonly epochs?: number
  readonly batchSize?: number
  readonly learningRate?: number
  readonly watch?: boolean
  readonly json?: boolean
}

/** Asks for a training; with `watch`, stays until it has ended and shows its figures. */
export async function trainModel(context: CommandContext, options: TrainOptions): Promise<number> {
  const { client, terminal, signal } = context
  const run = await client.post('/v1/runs', runSchema, { json: parseInput(runSpecSchema, readRunSpec(options)) })
  if (options.watch !== true) {
    printResult(terminal, run, () => [`run ${run.id}`, `watch it: npx ser watch ${run.id}`])
    return EXIT.ok
  }
  terminal.say(`run ${run.id}`)
  return reportRun(terminal, await watchRun(client, run, terminal, signal))
}

/** The run spec that the options describe; what they leave out is left to the defaults of the contract. */
export function readRunSpec(options: TrainOptions): Record<string, unknown> {
  const { scenario, split, test, relabel, dataset, watch: _, json: __, ...rest } = options
  if (scenario !== undefined && options.features !== undefined)
    throw new CliError(EXIT.usage, 'OPTION_INVALID', '--scenario names the features already: leave --features out')
  const features = scenario === undefined ? undefined : readScenario(scenario)
  return {
    ...rest,
    datasets: dataset,
    ...(features === undefined ? {} : { features }),
    ...(split === undefined && test === undefined ? {} : { split: readSplit(split ?? 'clip', test) }),
    ...(relabel === undefined ? {} : { relabel: Object.fromEntries(relabel.map(readRelabel)) }),
  }
}

function readScenario(scenario: number): readonly string[] {
  if (scenario === 1 || scenario === 2 || scenario === 3) return SCENARIOS[scenario]
  throw new CliError(
    EXIT.usage,
    'OPTION_INVALID',
    `there is no scenario ${scenario}: they are 1 (mel), 2 (all) and 3 (all but ZCR)`,
  )
}

/** `clip`, `word`, `manifest`, `speaker:NAME,NAME`, `dataset:NAME,NAME`, `clip-fold:K/N` or `speaker-fold:K/N`. */
function readSplit(split: string, test: number | undefined): RunSpecInput['split'] {
  if (split === 'clip' || split === 'word') return { by: split, ...(test === undefined ? {} : { test }) }
  if (test !== undefined) {
    const message = `--test is for the splits by clip and by word; what ${split} tests on it says itself`
    throw new CliError(EXIT.usage, 'OPTION_INVALID', message)
  }
  if (split === 'manifest') return { by: 'manifest' }
  const names = /^(speaker|dataset):(.+)$/.exec(split)
  if (names !== null) return { by: names[1] === 'speaker' ? 'speaker' : 'dataset', test: names[2].split(',') }
  const folds = /^(clip|speaker)-fold:(\d{1,4})\/(\d{1,4})$/.exec(split)
  if (folds !== null) {
    const by = folds[1] === 'clip' ? 'clip-fold' : 'speaker-fold'
    return { by, fold: Number(folds[2]), folds: Number(folds[3]) }
  }
  throw new CliError(EXIT.usage, 'OPTION_INVALID', `--split is ${SPLITS}; not ${split}`)
}

function readRelabel(text: string): [string, string] {
  const parts = /^([^=]+)=([^=]+)$/.exec(text)
  if (parts !== null) return [parts[1], parts[2]]
  throw new CliError(EXIT.usage, 'OPTION_INVALID', `--relabel is LABEL=EMOTION, calm=neutral for example; not ${text}`)
}
