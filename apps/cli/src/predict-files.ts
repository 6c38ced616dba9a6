import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Prediction } from '@ser/contracts'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { findRecordings } from './find-recordings.ts'
import { openOutput, type Output } from './open-output.ts'
import { predictBatches, readModelChoice } from './predict-batches.ts'
import { csvHead, csvRow, renderPredictions, type PredictedFile, type PredictionFormat } from './render-prediction.ts'
import { showProgress } from './show-progress.ts'

export type PredictOptions = {
  readonly model?: string
  readonly alias?: string
  readonly minConfidence?: number
  readonly window?: number
  readonly hop?: number
  readonly silence?: number
  readonly format: PredictionFormat
  readonly output?: string
  readonly picture?: string
}

/** Predicts files and folders of them, in batches; one that is refused is reported and does not stop the others. */
export async function predictFiles(
  { client, terminal, signal }: CommandContext,
  paths: readonly string[],
  { model, format, output: outputPath, picture, ...asked }: PredictOptions,
): Promise<number> {
  const query = { ...readModelChoice(model), ...pickQuery(asked) }
  const files = await findRecordings(paths)
  if (files.length === 0) throw new CliError(EXIT.refused, 'NO_RECORDINGS', 'there are no recordings in these folders')
  if (picture !== undefined && files.length > 1)
    throw new CliError(EXIT.usage, 'OPTION_INVALID', '--picture is of one recording')
  const output = await openOutput(outputPath)
  const progress = showProgress(terminal)
  // Of one recording there is nothing to tell on the way; and bars and lines in one window would destroy each other.
  const isMixed = format !== 'text' && outputPath === undefined && process.stdout.isTTY
  const bar = files.length > 1 && !isMixed ? progress.bar('predictions') : undefined
  const kind = terminal.json ? 'json' : format
  const writer = createWriter(output, kind, terminal.columns)
  try {
    for await (const batch of predictBatches(client, files, query, signal)) {
      if (!(await writer.add(batch))) return EXIT.ok
      bar?.update(writer.count(), files.length, writer.refused() === 0 ? '' : `${writer.refused()} refused`)
      if (picture !== undefined) await drawPicture(picture, batch[0])
    }
  } finally {
    progress.stop()
  }
  await writer.finish()
  await output.close()
  return writer.refused() > 0 ? EXIT.refused : EXIT.ok
}

function pickQuery({
  alias,
  minConfidence,
  window,
  hop,
  silence,
}: Omit<PredictOptions, 'model' | 'format' | 'output' | 'picture'>) {
  return { alias, minConfidence, window, hop, silence }
}

type Writer = {
  /** False when nobody reads any more. */
  readonly add: (results: readonly PredictedFile[]) => Promise<boolean>
  readonly finish: () => Promise<unknown>
  readonly count: () => number
  readonly refused: () => number
}

/** Lines are written as they come; a table and a JSON document at the end. */
function createWriter(output: Output, kind: PredictionFormat | 'json', columns: number): Writer {
  const kept: PredictedFile[] = []
  let count = 0
  let refused = 0
  const write = (lines: readonly string[]) => output.write(lines.map((line) => `${line}\n`).join(''))
  return {
    async add(results) {
      const isFirst = count === 0
      count += results.length
      refused += results.filter((result) => 'error' in result).length
      if (kind === 'jsonl') return write(results.map((result) => JSON.stringify(result)))
      if (kind === 'csv') return write([...(isFirst ? [csvHead()] : []), ...results.map((result) => csvRow(result))])
      kept.push(...results)
      return true
    },
    finish: async () => {
      if (kind === 'json') await write([JSON.stringify(kept)])
      if (kind === 'text') await write(renderPredictions(kept, columns))
    },
    count: () => count,
    refused: () => refused,
  }
}

async function drawPicture(path: string, result: PredictedFile): Promise<void> {
  if ('error' in result) return
  const { timeline } = result.prediction
  if (timeline === null) {
    const message = 'a picture needs a timeline: give --window, such as --window 2'
    throw new CliError(EXIT.usage, 'OPTION_INVALID', message)
  }
  const prediction: Prediction & { timeline: typeof timeline } = { ...result.prediction, timeline }
  // Charts take longer to load than most predictions take.
  const { renderTimelinePage } = await import('@ser/report')
  await writeFile(path, renderTimelinePage(basename(result.file), prediction))
}
