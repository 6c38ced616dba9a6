import { idSchema, runSchema } from '@ser/contracts'
import { CliError } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { parseInput } from './parse-input.ts'
import { reportIngestion } from './report-ingestion.ts'
import { reportRun } from './report-run.ts'
import { watchIngestion } from './watch-ingestion.ts'
import { watchRun } from './watch-run.ts'

/** Watches a run or an ingestion, whichever has this id, until it has ended. */
export async function watchWork({ client, terminal, signal }: CommandContext, text: string): Promise<number> {
  const id = parseInput(idSchema, text)
  try {
    const run = await client.get(`/v1/runs/${id}`, runSchema)
    return reportRun(terminal, await watchRun(client, run, terminal, signal))
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'RUN_NOT_FOUND') throw error
  }
  return reportIngestion(terminal, await watchIngestion(client, id, terminal, signal))
}
