import type { ResourceHalf } from '@ser/augmentation'
import {
  runSchema,
  runSpecSchema,
  SCENARIOS,
  expandRecipe,
  RECIPE_NAMES,
  type RecipeName,
  type ResourceChoice,
} from '@ser/contracts'
import type { NetworkOptions } from './add-network-options.ts'
import { readResources } from './augment-dataset.ts'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { parseInput } from './parse-input.ts'
import { readNetworkOptions } from './read-network-options.ts'
import { readSplit } from './read-split.ts'
import { reportRun } from './report-run.ts'
import { takeInResources } from './take-in-resources.ts'
import { printResult } from './terminal.ts'
import { trainFolds, type FoldOptions } from './train-folds.ts'
import { watchRun } from './watch-run.ts'

/** What `--resource` takes for the recordings of the training side; no dataset has such a name. */
const TRAINING_SIDE = '@train'

/** What is made while a model trains. */
export type OnTheFlyOptions = {
  /** A recipe, `everyday`, or with its version, `everyday@1`. */
  readonly augmentOnTheFly?: string
  /** How likely a recording is heard as a variant. */
  readonly augmentShare?: number
  /** As for `ser augment`; `voices=@train` are the recordings of the training side. */
  readonly resource?: readonly string[]
  readonly half?: ResourceHalf
}

export type TrainOptions = NetworkOptions & {
  readonly dataset: readonly string[]
  readonly scenario?: number
  readonly features?: readonly string[]
  readonly model?: string
  readonly split?: string
  readonly test?: number
  readonly relabel?: readonly string[]
  readonly seed?: number
  readonly epochs?: number
  readonly batchSize?: number
  readonly learningRate?: number
  readonly watch?: boolean
  readonly json?: boolean
  readonly experiment?: string
  /** A share of the training side. */
  readonly validation?: number
  /** Epochs without a better one. */
  readonly earlyStopping?: number
  readonly normalise?: boolean
  readonly classWeights?: boolean
  /** `paper` (the default) or `robust`: what the other options do not say. */
  readonly recipe?: string
  /** Further fields as JSON. */
  readonly with?: string
}

/** Asks for a training, or with `folds` for one a fold; with `watch`, stays until it has ended and shows its figures. */
export async function trainModel(
  context: CommandContext,
  given: TrainOptions & OnTheFlyOptions & Partial<FoldOptions>,
): Promise<number> {
  const { folds, foldBy = 'clip', out, augmentOnTheFly: _, augmentShare: __, resource: ___, half, ...options } = given
  const spec = {
    ...readRunSpec(options),
    ...(await readOnTheFly(given, (from) => takeInResources(context, from, half))),
  }
  if (folds !== undefined) {
    if (options.split !== undefined || options.test !== undefined)
      throw new CliError(EXIT.usage, 'OPTION_INVALID', '--folds says the split already: leave --split and --test out')
    const { experiment } = options
    const chosen = {
      folds,
      foldBy,
      ...(experiment === undefined ? {} : { experiment }),
      ...(out === undefined ? {} : { out }),
    }
    return trainFolds(context, spec, chosen)
  }
  const { client, terminal } = context
  const tag = options.experiment === undefined ? '' : `?experiment=${encodeURIComponent(options.experiment)}`
  const run = await client.post(`/v1/runs${tag}`, runSchema, { json: parseInput(runSpecSchema, spec) })
  if (options.watch !== true) {
    printResult(terminal, run, () => [`run ${run.id}`, `watch it: npx ser watch ${run.id}`])
    return EXIT.ok
  }
  terminal.say(`run ${run.id}`)
  return reportRun(terminal, await watchRun(context, run))
}

/** The field of a run spec that says what is made on the fly; none where no recipe is named. */
export async function readOnTheFly(
  { augmentOnTheFly: recipe, augmentShare: share, resource = [] }: OnTheFlyOptions,
  choose: (from: string) => Promise<ResourceChoice>,
): Promise<object> {
  if (recipe === undefined) {
    if (share === undefined && resource.length === 0) return {}
    throw new CliError(EXIT.usage, 'OPTION_INVALID', '--augment-share and --resource are for --augment-on-the-fly')
  }
  const resources = await readResources<object>(resource, async (from) =>
    from === TRAINING_SIDE ? { side: 'train' } : choose(from),
  )
  return { onTheFly: { recipe, ...(share === undefined ? {} : { share }), resources } }
}

/** The run spec that the options describe; what they leave out is left to the defaults of the contract. */
export function readRunSpec(options: TrainOptions): Record<string, unknown> {
  const { scenario, split, test, relabel, dataset, watch: _, json: __, experiment: ___, ...others } = options
  const { validation, earlyStopping, normalise, classWeights, with: further, recipe = 'paper', ...rest } = others
  if (scenario !== undefined && options.features !== undefined)
    throw new CliError(EXIT.usage, 'OPTION_INVALID', '--scenario names the features already: leave --features out')
  const features = scenario === undefined ? undefined : readScenario(scenario)
  return {
    ...expandRecipe(readRecipe(recipe), readNetworkOptions(rest)),
    datasets: dataset,
    ...(features === undefined ? {} : { features }),
    ...(split === undefined && test === undefined ? {} : { split: readSplit(split ?? 'clip', test) }),
    ...(validation === undefined ? {} : { validation: { fraction: validation } }),
    ...(earlyStopping === undefined ? {} : { earlyStopping: { patience: earlyStopping } }),
    ...(normalise === true ? { normalisation: 'standard' } : {}),
    ...(classWeights === true ? { classWeights: 'balanced' } : {}),
    ...(further === undefined ? {} : readFurther(further)),
    ...(relabel === undefined ? {} : { relabel: Object.fromEntries(relabel.map(readRelabel)) }),
  }
}

function readRecipe(name: string): RecipeName {
  const found = RECIPE_NAMES.find((each) => each === name)
  if (found !== undefined) return found
  const message = `there is no recipe ${name}: they are ${RECIPE_NAMES.join(' and ')}`
  throw new CliError(EXIT.usage, 'OPTION_INVALID', message)
}

function readFurther(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Refused below.
  }
  const message = `--with is an object in JSON, '{"schedule":{"kind":"cosine"}}' for example; not ${text}`
  throw new CliError(EXIT.usage, 'OPTION_INVALID', message)
}

function readScenario(scenario: number): readonly string[] {
  if (scenario === 1 || scenario === 2 || scenario === 3) return SCENARIOS[scenario]
  throw new CliError(
    EXIT.usage,
    'OPTION_INVALID',
    `there is no scenario ${scenario}: they are 1 (mel), 2 (all) and 3 (all but ZCR)`,
  )
}

function readRelabel(text: string): [string, string] {
  const parts = /^([^=]+)=([^=]+)$/.exec(text)
  if (parts !== null) return [parts[1], parts[2]]
  throw new CliError(EXIT.usage, 'OPTION_INVALID', `--relabel is LABEL=EMOTION, calm=neutral for example; not ${text}`)
}
