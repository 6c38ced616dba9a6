import { runSchema, runSpecSchema, SCENARIOS, type RunSpecInput } from '@ser/contracts'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { parseInput } from './parse-input.ts'
import { reportRun } from './report-run.ts'
import { printResult } from './terminal.ts'
import { watchRun } from './watch-run.ts'

export type TrainOptions = {
  readonly dataset: readonly string[]
  readonly scenario?: number
  readonly features?: readonly string[]
  readonly model?: string
  readonly layout?: string
  readonly split?: string
  readonly test?: number
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
  const { scenario, split, test, dataset, watch: _, json: __, ...rest } = options
  if (scenario !== undefined && options.features !== undefined)
    throw new CliError(EXIT.usage, 'OPTION_INVALID', '--scenario names the features already: leave --features out')
  const features = scenario === undefined ? undefined : readScenario(scenario)
  return {
    ...rest,
    datasets: dataset,
    ...(features === undefined ? {} : { features }),
    ...(split === undefined && test === undefined ? {} : { split: readSplit(split ?? 'clip', test) }),
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

/** `clip`, `word`, `manifest` or `speaker:NAME,NAME`. */
function readSplit(split: string, test: number | undefined): RunSpecInput['split'] {
  const speakers = /^speaker:(.+)$/.exec(split)?.[1]
  if (speakers !== undefined) return { by: 'speaker', test: speakers.split(',') }
  if (split === 'manifest') return { by: 'manifest' }
  if (split === 'clip' || split === 'word') return { by: split, ...(test === undefined ? {} : { test }) }
  throw new CliError(EXIT.usage, 'OPTION_INVALID', `--split is clip, word, manifest or speaker:NAME,NAME; not ${split}`)
}
