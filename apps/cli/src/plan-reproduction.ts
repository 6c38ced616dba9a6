import { runSpecSchema, type RunSpec, type RunSpecInput } from '@ser/contracts'
import { CliError, EXIT } from './cli-error.ts'
import { noisyCopyOf } from './ensure-noisy-copy.ts'
import { parseInput } from './parse-input.ts'
import { readRunSpec } from './train-model.ts'

export type ReproduceOptions = {
  readonly dataset: string
  readonly scenarios: readonly number[]
  readonly layouts: readonly string[]
  readonly seeds: readonly number[]
  /** `clip` (the paper's), `word`, `speaker` (default: `clip`); none but the splits across datasets when empty. */
  readonly by?: readonly string[]
  /** Speakers of the dataset: each is left out once. */
  readonly speakers?: number
  /** Train on the dataset and test on these, and the other way round. */
  readonly across?: readonly string[]
  /** Train on these and test on `test`. */
  readonly train?: readonly string[]
  readonly test?: readonly string[]
  readonly epochs?: number
  readonly experiment?: string
  readonly out?: string
}

/** A row of the table: runs of every seed, and of every fold where the split has folds. */
export type PlannedRow = {
  readonly name: string
  readonly split: string
  readonly scenario: string
  readonly layout: string
  /** The accuracy that the paper reports for the same. */
  readonly paper?: string
  readonly specs: readonly RunSpec[]
}

/** Bledea, Speech Emotion Recognition With Recurrent Neural Networks. */
const PAPER: Readonly<Record<number, string>> = { 1: '95 %', 2: '96 %', 3: '96 %', 4: '14-16 %' }
const FEATURES: Readonly<Record<number, string>> = {
  1: '1 (mel)',
  2: '2 (mel, MFCC, ZCR, RMS)',
  3: '3 (mel, MFCC, RMS)',
  4: '4 (as 3, with noisy copies)',
}

type Division = {
  readonly name: string
  readonly datasets: readonly string[]
  /** One, or as many as folds. */
  readonly splits: readonly RunSpecInput['split'][]
}

/** Every row that the options ask for, in the order of the table. */
export function planReproduction(options: ReproduceOptions): PlannedRow[] {
  return divisions(options).flatMap((division) =>
    options.layouts.flatMap((layout) =>
      options.scenarios.map((scenario) => planRow(options, { division, layout, scenario })),
    ),
  )
}

function planRow(
  { dataset, seeds, epochs }: ReproduceOptions,
  { division, layout, scenario }: { division: Division; layout: string; scenario: number },
): PlannedRow {
  if (FEATURES[scenario] === undefined)
    throw new CliError(EXIT.usage, 'OPTION_INVALID', `there is no scenario ${scenario}: they are 1, 2, 3 and 4`)
  const noisy = scenario === 4 && division.datasets.includes(dataset) ? [noisyCopyOf(dataset)] : []
  const specs = seeds.flatMap((seed) =>
    division.splits.map((split) => {
      const input = {
        dataset: [...division.datasets, ...noisy],
        scenario: scenario === 4 ? 3 : scenario,
        layout,
        seed,
        ...(epochs === undefined ? {} : { epochs }),
      }
      return parseInput(runSpecSchema, { ...readRunSpec(input), ...(split === undefined ? {} : { split }) })
    }),
  )
  const name = `scenario ${FEATURES[scenario]}, ${layout}, ${division.name}`
  const row = { name, split: division.name, scenario: FEATURES[scenario], layout, specs }
  // The paper divides at random.
  return division.splits[0] === undefined ? { ...row, paper: PAPER[scenario] } : row
}

function divisions(options: ReproduceOptions): Division[] {
  const { dataset, by = ['clip'], speakers = 2, across = [], train, test } = options
  const joined = [train, test].filter((names) => names !== undefined)
  if (joined.length === 1) throw new CliError(EXIT.usage, 'OPTION_INVALID', '--train and --test belong together')
  const within = by.map((how): Division => {
    // Without a split in the spec it is the paper's, and the spec's hash that of any other run with it.
    if (how === 'clip') return { name: 'random', datasets: [dataset], splits: [undefined] }
    if (how === 'word') return { name: 'unseen words', datasets: [dataset], splits: [{ by: 'word' }] }
    if (how === 'speaker') return { name: 'unseen speakers', datasets: [dataset], splits: speakerFolds(speakers) }
    throw new CliError(EXIT.usage, 'OPTION_INVALID', `--by takes clip, word and speaker; not ${how}`)
  })
  return [
    ...within,
    ...across.flatMap((other) => [between([dataset], [other]), between([other], [dataset])]),
    ...(train !== undefined && test !== undefined ? [between(train, test)] : []),
  ]
}

function speakerFolds(folds: number): RunSpecInput['split'][] {
  return Array.from({ length: folds }, (_, index) => ({ by: 'speaker-fold', folds, fold: index + 1 }))
}

function between(train: readonly string[], test: readonly string[]): Division {
  const name = `${train.join(' + ')} to ${test.join(' + ')}`
  return { name, datasets: [...train, ...test], splits: [{ by: 'dataset', test: [...test] }] }
}
