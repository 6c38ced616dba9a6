import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { featureLength, featureSpecSchema, type FeatureSpec } from '@ser/contracts'
import { findEntry } from '@ser/processes'
import { Piscina } from 'piscina'
import { CliError, EXIT } from './cli-error.ts'
import type { FileResult, FileTask } from './extract-file.ts'
import { findRecordings } from './find-recordings.ts'
import { readFeatureSet } from './ingest-dataset.ts'
import { openOutput, type Output } from './open-output.ts'
import { parseInput } from './parse-input.ts'
import { renderHead, renderRefusal } from './render-features.ts'
import { npyHead, npyRow } from './render-npy.ts'
import { showProgress } from './show-progress.ts'
import { createTerminal } from './terminal.ts'

export type FeatureOptions = {
  readonly format: FileTask['format']
  readonly output?: string
  readonly frames?: boolean
  /** A feature spec as JSON; what it leaves out is librosa's, or of the kind that it names. */
  readonly set?: string
  readonly threads?: number
  readonly maxSeconds: number
}

/** Computes the features of files and folders on this machine, in threads, and writes them in the order of the files. */
export async function extractFiles(
  paths: readonly string[],
  options: FeatureOptions,
  signal: AbortSignal,
): Promise<number> {
  const spec = readSpec(options)
  const files = await findRecordings(paths)
  if (files.length === 0) throw new CliError(EXIT.refused, 'NO_RECORDINGS', 'there are no recordings in these folders')
  const threads = Math.min(options.threads ?? availableParallelism(), files.length)
  const pool = openPool(threads)
  const output = await openOutput(options.output)
  try {
    await writeHead(output, files, spec, options)
    const { format, maxSeconds } = options
    const tasks = files.map((file): FileTask => ({ file, spec, format, maxSeconds }))
    return await writeAll(
      inOrder(tasks, threads * 4, (task) => pool.run(task)),
      { files, spec, output, options, signal },
    )
  } finally {
    await pool.destroy()
    await output.close()
  }
}

function readSpec({ format, output, ...options }: FeatureOptions): FeatureSpec {
  const { featureSet = {} } = readFeatureSet(options)
  const chosen = parseInput(featureSpecSchema, featureSet)
  if (format === 'npy' && chosen.pooling === 'frames') {
    throw new CliError(EXIT.usage, 'OPTION_INVALID', 'matrices of many lengths are no one array: take jsonl or csv')
  }
  if (format === 'npy' && (output === undefined || output === '-')) {
    throw new CliError(EXIT.usage, 'OPTION_INVALID', '--format npy needs --output FILE')
  }
  return chosen
}

type FilePool = { run(task: FileTask): Promise<FileResult>; destroy(): Promise<void> }

function openPool(threads: number): FilePool {
  const pool = new Piscina<FileTask, FileResult>({
    ...findEntry(new URL('./features-thread.ts', import.meta.url)),
    name: 'extractFile',
    minThreads: threads,
    maxThreads: threads,
  })
  return {
    run: (task) =>
      pool.run(task).catch((error: unknown) => ({
        refused: { code: 'EXTRACTION_CRASHED', message: error instanceof Error ? error.message : String(error) },
      })),
    // What runs is waited for: its answer would find nobody.
    destroy: () => pool.close({ force: true }),
  }
}

/** The results in the order of the items, with at most `atOnce` begun and not taken. `work` must not reject. */
async function* inOrder<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = []
  for (const item of items) {
    begun.push(work(item))
    if (begun.length >= atOnce) yield* begun.splice(0, 1)
  }
  yield* begun
}

/** npy knows no names: they lie beside it, a line a row. */
async function writeHead(
  output: Output,
  files: readonly string[],
  spec: FeatureSpec,
  { format, output: path }: FeatureOptions,
): Promise<void> {
  if (format !== 'npy') return void (await output.write(renderHead(format, spec)))
  await output.write(npyHead(files.length, featureLength(spec)))
  await writeFile(`${path}.files.txt`, files.map((file) => `${file}\n`).join(''))
}

type Writing = {
  readonly files: readonly string[]
  readonly spec: FeatureSpec
  readonly output: Output
  readonly options: FeatureOptions
  readonly signal: AbortSignal
}

async function writeAll(results: AsyncIterable<FileResult>, writing: Writing): Promise<number> {
  const { files, spec, output, options, signal } = writing
  const terminal = createTerminal(false)
  // Bars and lines of results in one window would destroy each other.
  const shown = process.stdout.isTTY && options.output === undefined ? createTerminal(true) : terminal
  const progress = showProgress(shown)
  const bar = progress.bar('features')
  let done = 0
  let refused = 0
  try {
    for await (const result of results) {
      signal.throwIfAborted()
      const file = files[done++]
      if ('refused' in result) refused++
      if (!(await output.write(renderResult(file, result, spec, options.format)))) return EXIT.ok
      if ('refused' in result && options.format === 'npy') terminal.say(`${file}: ${result.refused.message}`)
      bar.update(done, files.length, refused === 0 ? '' : `${refused} refused`)
    }
  } finally {
    progress.stop()
  }
  return refused === 0 ? EXIT.ok : EXIT.refused
}

function renderResult(
  file: string,
  result: FileResult,
  spec: FeatureSpec,
  format: FileTask['format'],
): string | Uint8Array {
  if ('text' in result) return result.text
  if ('values' in result) return npyRow(result.values)
  if (format !== 'npy') return renderRefusal(format, file, result.refused, spec)
  // Row and file keep the same number.
  return npyRow(new Float32Array(featureLength(spec)).fill(Number.NaN))
}
