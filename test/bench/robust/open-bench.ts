import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { loadTensorflow } from '@ser/model'
import { readBackgrounds } from './read-noises.ts'
import { readRecordings } from './read-recordings.ts'
import type { RunOptions } from './run-recipes.ts'

/** What every command here takes, for `parseArgs`. */
export const BENCH_OPTIONS = {
  tess: { type: 'string' },
  ravdess: { type: 'string' },
  noise: { type: 'string' },
  seeds: { type: 'string', default: '1,2,3' },
  cache: { type: 'string', default: join(import.meta.dirname, '../../../.ser/robust') },
  threads: { type: 'string', default: String(availableParallelism()) },
} as const

type BenchFlags = { readonly [Name in 'tess' | 'ravdess' | 'noise']?: string | undefined } & {
  readonly [Name in 'seeds' | 'cache' | 'threads']: string
}

/** Reads the corpora and the noise, and opens TensorFlow and the cache. */
export async function openBench(flags: BenchFlags): Promise<{ seeds: number[]; options: RunOptions }> {
  const { tess, ravdess, noise, cache } = flags
  if (tess === undefined || ravdess === undefined || noise === undefined) {
    throw new Error('--tess, --ravdess and --noise name the folders of the corpora and of recordings of noise')
  }
  const corpora = { tess: await readRecordings(tess, 'tess'), ravdess: await readRecordings(ravdess, 'ravdess') }
  say(`${corpora.tess.length} recordings of TESS, ${corpora.ravdess.length} of RAVDESS`)
  const backgrounds = await readBackgrounds(noise, corpora.ravdess)
  const { noise: trained } = backgrounds.training
  say(`${trained.length} recordings of noise to train with, ${backgrounds.test.noise.length} to test with`)
  const threads = Number(flags.threads)
  const { tf } = await loadTensorflow({ threads })
  await mkdir(cache, { recursive: true })
  const resultsFile = join(cache, 'results.jsonl')
  const options = { tf, corpora, backgrounds, cacheFolder: cache, resultsFile, threads, say }
  return { seeds: flags.seeds.split(',').map(Number), options }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
