import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Source } from '@ser/contracts'
import { syntheticCorpus, syntheticCorpusPlan } from '@ser/corpus'
import { readTessFolder } from './config.ts'
import { downloadTess } from './download-tess.ts'
import { readSource } from './ingest-dataset.ts'
import { showProgress } from './show-progress.ts'
import { ROOT } from './start-apps.ts'
import type { Terminal } from './terminal.ts'

export type RecordingOptions = {
  readonly tess?: string
  readonly synthetic?: boolean
  /** Words of the synthetic corpus: 14 recordings each. */
  readonly words: number
}

export type Recordings = {
  readonly dataset: string
  readonly source: Source & { readonly kind: 'folder' | 'archive' }
  /** Said before any figure when the recordings are not speech. */
  readonly notice?: string
}

/** Recordings for the demo: those given, else TESS from its publisher, else, offline, synthetic ones. */
export async function prepareRecordings(
  options: RecordingOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Recordings> {
  const given = options.tess ?? (options.synthetic === true ? undefined : readTessFolder())
  if (given !== undefined) return useGiven(given, terminal)
  if (options.synthetic !== true) {
    const downloaded = await downloadTess(terminal, signal)
    if (downloaded !== undefined) return { dataset: 'tess', source: { kind: 'folder', path: downloaded } }
  }
  return synthesise(options.words, terminal, signal)
}

async function useGiven(path: string, terminal: Terminal): Promise<Recordings> {
  const source = await readSource(path)
  if (source.kind === 's3') throw new TypeError('the demo takes a folder or an archive')
  terminal.say(`recordings: TESS from ${source.path}`)
  return { dataset: 'tess', source }
}

async function synthesise(words: number, terminal: Terminal, signal: AbortSignal): Promise<Recordings> {
  const total = syntheticCorpusPlan({ words }).length
  const folder = join(ROOT, `.ser/synthetic-${words}`)
  const notice = `These recordings are synthetic: ${total} sounds that this project made itself, in the layout of TESS. The figures show that the pipeline works; they say nothing about speech.`
  terminal.say(`recordings: ${notice}`)
  if (!existsSync(folder)) await writeCorpus(folder, { words, total }, terminal, signal)
  return { dataset: `synthetic-${words}`, source: { kind: 'folder', path: folder }, notice }
}

/** Under its own name only when it is complete. */
async function writeCorpus(
  folder: string,
  { words, total }: { words: number; total: number },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const draft = `${folder}.part`
  await rm(draft, { recursive: true, force: true })
  const progress = showProgress(terminal)
  const bar = progress.bar('synthesis')
  let done = 0
  try {
    for await (const { path, bytes } of syntheticCorpus({ words })) {
      signal.throwIfAborted()
      await mkdir(dirname(join(draft, path)), { recursive: true })
      await writeFile(join(draft, path), bytes)
      bar.update((done += 1), total)
    }
  } finally {
    progress.stop()
  }
  await rename(draft, folder)
}
