import { augmentationSchema, idSchema, runSchema } from '@ser/contracts'
import { CliError } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { parseInput } from './parse-input.ts'
import { reportAugmentation } from './report-augmentation.ts'
import { reportIngestion } from './report-ingestion.ts'
import { reportRun } from './report-run.ts'
import { watchAugmentation } from './watch-augmentation.ts'
import { watchIngestion } from './watch-ingestion.ts'
import { watchRun } from './watch-run.ts'

/** Watches a run, an ingestion or an augmentation, whichever has this id, until it has ended. */
export async function watchWork(context: CommandContext, text: string): Promise<number> {
  const { client, terminal } = context
  const id = parseInput(idSchema, text)
  const run = await unlessCode('RUN_NOT_FOUND', client.get(`/v1/runs/${id}`, runSchema))
  if (run !== undefined) return reportRun(terminal, await watchRun(context, run))
  const augmentation = await unlessCode(
    'AUGMENTATION_NOT_FOUND',
    client.get(`/v1/augmentations/${id}`, augmentationSchema),
  )
  if (augmentation !== undefined) {
    return reportAugmentation(terminal, await watchAugmentation(context, id))
  }
  return reportIngestion(terminal, await watchIngestion(context, id))
}

async function unlessCode<T>(code: string, asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof CliError && error.code === code) return undefined
    throw error
  }
}
