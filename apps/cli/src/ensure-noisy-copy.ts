import { augmentationSchema, augmentRequestSchema } from '@ser/contracts'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { parseInput } from './parse-input.ts'
import { watchAugmentation } from './watch-augmentation.ts'

const RECIPE = 'paper-noise'

/** The dataset that the noisy copies of another one become part of. */
export function noisyCopyOf(dataset: string): string {
  return `${dataset}-${RECIPE}`
}

/** Stays until each recording of a dataset has one copy with the paper's noise, and features; those that are there are not made again. */
export async function ensureNoisyCopy(context: CommandContext, dataset: string): Promise<void> {
  const { client, terminal } = context
  const request = parseInput(augmentRequestSchema, { dataset, recipe: RECIPE, into: noisyCopyOf(dataset) })
  const { id } = await client.post('/v1/augmentations', augmentationSchema, { json: request })
  terminal.say(`noisy copies of ${dataset}:`)
  const { augmentation } = await watchAugmentation(context, id)
  const { done, failed } = augmentation.counts
  if (done > 0) return
  const message = `no noisy copy of ${dataset} could be made, ${failed} failed: see npx ser rejected --dataset ${dataset}`
  throw new CliError(EXIT.failed, 'NO_VARIANTS', message)
}
