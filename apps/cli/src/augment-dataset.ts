import { readFile } from 'node:fs/promises'
import { augmentationSchema, augmentRequestSchema } from '@ser/contracts'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { parseInput } from './parse-input.ts'
import { reportAugmentation } from './report-augmentation.ts'
import { printResult } from './terminal.ts'
import { watchAugmentation } from './watch-augmentation.ts'

export type AugmentOptions = {
  /** A name, or a JSON file. */
  readonly recipe: string
  readonly copies?: number
  readonly seed?: number
  readonly into?: string
  /** `group=dataset` */
  readonly resource?: readonly string[]
  readonly watch?: boolean
}

/** Asks for variants of a dataset's clips; with `watch`, stays until they and their features are there. */
export async function augmentDataset(
  context: CommandContext,
  dataset: string,
  options: AugmentOptions,
): Promise<number> {
  const { client, terminal, signal } = context
  const request = parseInput(augmentRequestSchema, await readAugmentRequest(dataset, options))
  const augmentation = await client.post('/v1/augmentations', augmentationSchema, { json: request })
  const { id, counts, into } = augmentation
  const asked = `augmentation ${id}: ${counts.total} variants into ${into}`
  if (options.watch !== true) {
    printResult(terminal, augmentation, () => [asked, `watch it: npx ser watch ${id}`])
    return EXIT.ok
  }
  terminal.say(asked)
  return reportAugmentation(terminal, await watchAugmentation(client, id, terminal, signal))
}

/** The request that the options describe; what they leave out is left to the defaults of the contract. */
export async function readAugmentRequest(dataset: string, options: AugmentOptions): Promise<Record<string, unknown>> {
  const { recipe, resource = [], copies, seed, into } = options
  return {
    dataset,
    recipe: recipe.endsWith('.json') ? await readRecipe(recipe) : recipe,
    ...(copies === undefined ? {} : { copies }),
    ...(seed === undefined ? {} : { seed }),
    ...(into === undefined ? {} : { into }),
    resources: Object.fromEntries(resource.map(readResource)),
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

function readResource(text: string): readonly [string, { readonly dataset: string }] {
  const [, group, dataset] = /^([^=]+)=([^=]+)$/.exec(text) ?? []
  if (group !== undefined && dataset !== undefined) return [group, { dataset }]
  throw new CliError(
    EXIT.usage,
    'OPTION_INVALID',
    `--resource is a group and a dataset, as in noise=street, not ${text}`,
  )
}
