import { readFile } from 'node:fs/promises'
import type { ResourceHalf } from '@ser/augmentation'
import { augmentationSchema, augmentRequestSchema, type ResourceChoice } from '@ser/contracts'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { readFeatureSet } from './ingest-dataset.ts'
import { parseInput } from './parse-input.ts'
import { reportAugmentation } from './report-augmentation.ts'
import { takeInResources } from './take-in-resources.ts'
import { printResult } from './terminal.ts'
import { watchAugmentation } from './watch-augmentation.ts'

export type AugmentOptions = {
  /** A name, or a JSON file. */
  readonly recipe: string
  readonly copies?: number
  readonly seed?: number
  readonly into?: string
  /** `group=dataset`, `group=folder`, `group=s3://bucket/prefix` */
  readonly resource?: readonly string[]
  /** Of all of them. */
  readonly half?: ResourceHalf
  /** The feature set as JSON. */
  readonly set?: string
  /** Features of every frame instead of their mean over time. */
  readonly frames?: boolean
  readonly watch?: boolean
}

/** Asks for variants of a dataset's clips; with `watch`, stays until they and their features are there. */
export async function augmentDataset(
  context: CommandContext,
  dataset: string,
  options: AugmentOptions,
): Promise<number> {
  const { client, terminal } = context
  const request = parseInput(
    augmentRequestSchema,
    await readAugmentRequest(dataset, options, (from) => takeInResources(context, from, options.half)),
  )
  const augmentation = await client.post('/v1/augmentations', augmentationSchema, { json: request })
  const { id, counts, into } = augmentation
  const asked = `augmentation ${id}: ${counts.total} variants into ${into}`
  if (options.watch !== true) {
    printResult(terminal, augmentation, () => [asked, `watch it: npx ser watch ${id}`])
    return EXIT.ok
  }
  terminal.say(asked)
  return reportAugmentation(terminal, await watchAugmentation(context, id))
}

/** The request that the options describe; what they leave out is left to the defaults of the contract. */
export async function readAugmentRequest(
  dataset: string,
  options: AugmentOptions,
  choose: (from: string) => Promise<ResourceChoice>,
): Promise<Record<string, unknown>> {
  const { recipe, resource = [], copies, seed, into } = options
  return {
    dataset,
    recipe: recipe.endsWith('.json') ? await readRecipe(recipe) : recipe,
    ...(copies === undefined ? {} : { copies }),
    ...(seed === undefined ? {} : { seed }),
    ...(into === undefined ? {} : { into }),
    resources: await readResources(resource, choose),
    ...readFeatureSet(options),
  }
}

async function readRecipe(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CliError(EXIT.usage, 'RECIPE_UNREADABLE', `${path} is no recipe: ${reason}`, error)
  }
}

/** What `--resource` names, by group. */
export async function readResources<Choice>(
  given: readonly string[],
  choose: (from: string) => Promise<Choice>,
): Promise<Record<string, Choice>> {
  const resources: Record<string, Choice> = {}
  for (const { group, from } of given.map(readResource)) resources[group] = await choose(from)
  return resources
}

function readResource(text: string): { readonly group: string; readonly from: string } {
  const [, group, from] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (group !== undefined && from !== undefined) return { group, from }
  throw new CliError(
    EXIT.usage,
    'OPTION_INVALID',
    `--resource is a group and a dataset or a folder, as in noise=street or noise=./street, not ${text}`,
  )
}
