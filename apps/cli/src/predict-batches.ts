import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { predictionBatchSchema, predictionSchema, type Prediction } from '@ser/contracts'
import type { ApiClient } from './api-client.ts'
import { CliError, EXIT } from './cli-error.ts'
import type { PredictedFile } from './render-prediction.ts'

export type ModelChoice = { readonly model?: string; readonly version?: number }

type Query = Readonly<Record<string, string | number | undefined>>
type Readable = { readonly file: string; readonly bytes: number }

/** Recordings of one request, which the server takes as a whole or not at all. */
const MOST_FILES = 32
const MOST_BYTES = 8 * 2 ** 20
/** Seconds that a busy server is asked again. */
const PATIENCE = 60

/** The predictions for files, in their order, a batch at a time. Files that cannot be read are refused like those that cannot be used. */
export async function* predictBatches(
  client: ApiClient,
  files: readonly string[],
  query: Query,
  signal: AbortSignal,
): AsyncGenerator<PredictedFile[]> {
  let waiting: (Readable | PredictedFile)[] = []
  let bytes = 0
  for (const file of files) {
    const found = await look(file)
    const length = 'bytes' in found ? found.bytes : 0
    if (waiting.length >= MOST_FILES || (bytes + length > MOST_BYTES && waiting.length > 0)) {
      yield await predictBatch(client, waiting, query, signal)
      waiting = []
      bytes = 0
    }
    waiting.push(found)
    bytes += length
  }
  yield await predictBatch(client, waiting, query, signal)
}

/** The prediction for one file. */
export async function predictFile(client: ApiClient, file: string, choice: ModelChoice): Promise<Prediction> {
  const found = await look(file)
  if ('error' in found) throw new CliError(EXIT.refused, found.error.code, `${file}: ${found.error.message}`)
  const bytes = new Uint8Array(await (await openAsBlob(file)).arrayBuffer())
  return client.post('/v1/predictions', predictionSchema, { bytes, query: choice })
}

async function look(file: string): Promise<Readable | Extract<PredictedFile, { error: object }>> {
  try {
    const { size } = await stat(file)
    return { file, bytes: size }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return { file, error: { code: 'FILE_NOT_READABLE', message: `the file cannot be read (${reason})` } }
  }
}

async function predictBatch(
  client: ApiClient,
  batch: readonly (Readable | PredictedFile)[],
  query: Query,
  signal: AbortSignal,
): Promise<PredictedFile[]> {
  const readable = batch.filter((each) => 'bytes' in each)
  if (readable.length === 0) return batch.flatMap((each) => ('bytes' in each ? [] : [each]))
  const form = new FormData()
  for (const { file } of readable) form.append('file', await openAsBlob(file), basename(file))
  const body = new Response(form)
  const request = {
    bytes: new Uint8Array(await body.arrayBuffer()),
    headers: { 'content-type': body.headers.get('content-type') ?? '' },
    query,
    signal,
  }
  const { items } = await whileBusy(signal, () => client.post('/v1/predictions/batch', predictionBatchSchema, request))
  return batch.map((each) => {
    if (!('bytes' in each)) return each
    const { prediction, problem } = items[readable.indexOf(each)]
    if (prediction !== null) return { file: each.file, prediction }
    return {
      file: each.file,
      error: { code: problem?.code ?? 'FAILED', message: problem?.detail ?? 'no reason was given' },
    }
  })
}

async function whileBusy<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let asked = 1; ; asked += 1) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof CliError) || error.code !== 'PREDICTIONS_BUSY' || asked >= PATIENCE) throw error
      await delay(1000, undefined, { signal })
    }
  }
}

/** `name`, or `name@version`. */
export function readModelChoice(text: string | undefined): ModelChoice {
  if (text === undefined) return {}
  const parts = /^([^@]+)(?:@(\d+))?$/.exec(text)
  if (parts === null) throw new CliError(EXIT.usage, 'OPTION_INVALID', `--model is NAME or NAME@VERSION; not ${text}`)
  return { model: parts[1], ...(parts[2] === undefined ? {} : { version: Number(parts[2]) }) }
}
