import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { predictionSchema, type Prediction } from '@ser/contracts'
import { percent } from '@ser/report'
import type { ApiClient } from './api-client.ts'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { printResult } from './terminal.ts'

export type PredictedFile =
  | { readonly file: string; readonly prediction: Prediction }
  | { readonly file: string; readonly error: { readonly code: string; readonly message: string } }

/** Predicts each file; one that is refused is reported and does not stop the others. */
export async function predictFiles(
  { client, terminal }: CommandContext,
  files: readonly string[],
  options: { readonly model?: string },
): Promise<number> {
  const choice = readModelChoice(options.model)
  const results: PredictedFile[] = []
  for (const file of files) results.push(await predictOrRefuse(client, file, choice))
  printResult(terminal, results, (all) => all.flatMap((result) => renderPrediction(result)))
  return results.some((result) => 'error' in result) ? EXIT.refused : EXIT.ok
}

export type ModelChoice = { readonly model?: string; readonly version?: number }

/** The prediction for one file. */
export async function predictFile(client: ApiClient, file: string, choice: ModelChoice): Promise<Prediction> {
  const bytes = await readFile(file).catch((error: unknown) => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CliError(EXIT.refused, 'FILE_NOT_READABLE', `${file} cannot be read (${reason})`, error)
  })
  return client.post('/v1/predictions', predictionSchema, { bytes, query: choice })
}

async function predictOrRefuse(client: ApiClient, file: string, choice: ModelChoice): Promise<PredictedFile> {
  try {
    return { file, prediction: await predictFile(client, file, choice) }
  } catch (error) {
    // A missing model or a wrong token would be told again for every file.
    const about =
      error instanceof CliError &&
      error.exitCode === EXIT.refused &&
      !['MODEL_VERSION_NOT_FOUND', 'UNAUTHORIZED'].includes(error.code)
    if (!about) throw error
    return { file, error: { code: error.code, message: error.message } }
  }
}

/** `name`, or `name@version`. */
export function readModelChoice(text: string | undefined): ModelChoice {
  if (text === undefined) return {}
  const parts = /^([^@]+)(?:@(\d+))?$/.exec(text)
  if (parts === null) throw new CliError(EXIT.usage, 'OPTION_INVALID', `--model is NAME or NAME@VERSION; not ${text}`)
  return { model: parts[1], ...(parts[2] === undefined ? {} : { version: Number(parts[2]) }) }
}

/** A prediction as text: the emotion, and a bar for each of the seven. */
export function renderPrediction(result: PredictedFile): string[] {
  const name = basename(result.file)
  if ('error' in result) return [`${name}: ${result.error.message} (${result.error.code})`]
  const { emotion, probabilities, model, version } = result.prediction
  const ranked = Object.entries(probabilities).sort(([, a], [, b]) => b - a)
  const bars = ranked.map(([label, share]) =>
    `  ${label.padEnd(9)} ${percent(share).padStart(7)} ${'█'.repeat(Math.round(share * 30))}`.trimEnd(),
  )
  return [`${name}: ${emotion} (${model}@${version})`, ...bars]
}
