/**
 * Milliseconds of processor time a clip for each way of computing the features, on real recordings. librosa, plain TypeScript,
 * the kernels and their algorithms in C take turns; a turn is a pass over all recordings, one after the other, as every program
 * goes through a corpus.
 * usage: node --import tsx -C ser-source test/bench/kernels/measure.ts FOLDER
 *   [--clips 200] [--rounds 7] [--python PYTHON] [--json FILE] [--svg FILE]
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { EXTRACTOR_VERSION } from '@ser/features'
import { findRecordings } from '../compare-librosa/find-recordings.ts'
import { prepareEnvironment } from '../compare-librosa/run-librosa.ts'
import { createWays } from './create-ways.ts'
import { drawBars } from './draw-bars.ts'
import { startLibrosa } from './time-librosa.ts'

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: {
    clips: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '7' },
    python: { type: 'string' },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
})
const [folder] = positionals
if (folder === undefined) {
  process.stderr.write(
    'usage: measure.ts FOLDER [--clips 200] [--rounds 7] [--python PYTHON] [--json FILE] [--svg FILE]\n',
  )
  process.exit(2)
}
const workFolder = join(import.meta.dirname, '../../../.ser')
await mkdir(workFolder, { recursive: true })

const paths = spread(await findRecordings(folder), Number(flags.clips))
const python = flags.python ?? (await prepareEnvironment(join(workFolder, 'librosa')))
const setUp = await measureSetUp(paths[0])
const librosa = await startLibrosa(python, paths)
const scratch = await mkdtemp(join(tmpdir(), 'kernels-'))
const rounds: Record<string, (readonly number[])[]> = {}
try {
  const ways = await createWays(paths, librosa, scratch)
  // The first round lets everything be compiled.
  for (let round = 0; round <= Number(flags.rounds); round++) {
    for (const way of ways) {
      for (const [name, times] of Object.entries(await way())) if (round > 0) (rounds[name] ??= []).push(times)
    }
  }
} finally {
  librosa.close()
  await rm(scratch, { recursive: true })
}

/** Of each recording the median over the rounds; of these, median and mean over the recordings. */
const ways = Object.entries(rounds).map(([name, turns]) => {
  const clips = turns[0].map((_, clip) => median(turns.map((turn) => turn[clip])))
  return { name, median: median(clips), mean: clips.reduce((sum, value) => sum + value, 0) / clips.length }
})
const ratios = [
  ratio('librosa, features', 'kernels, features'),
  ratio('librosa, file to vector', 'kernels, file to vector'),
  ...['mel spectrogram', 'long filter'].flatMap((name) =>
    ['-msse2', '-mavx'].map((flag) => ratio(`kernel, ${name}`, `C -O3 ${flag}, ${name}`)),
  ),
].filter((found) => found !== undefined)
const machine = { cpu: cpus()[0]?.model ?? 'unknown', node: process.version, versions: librosa.versions }
say(`${machine.cpu}, Node ${machine.node}, ${JSON.stringify(machine.versions)}`)
say(`${paths.length} recordings, ${flags.rounds} rounds; milliseconds of processor time a recording: median, mean`)
for (const way of ways) say(`${columns(way)}  ${way.name}`)
say('ratios of them')
for (const found of ratios) say(`${columns(found)}  ${found.name}`)
say(`${setUp.toFixed(1)} ms: a worker's set-up with its first clip (median of 9)`)
const result = { ...machine, extractor: EXTRACTOR_VERSION, clips: paths.length, rounds: Number(flags.rounds) }
const json = `${JSON.stringify({ ...result, ways, ratios, setUp }, null, 2)}\n`
await write(flags.json ?? join(workFolder, 'kernels.json'), json)
await write(flags.svg ?? join(workFolder, 'kernels.svg'), picture())

function picture(): string {
  const titles = {
    'file to vector': 'From the file to the vector',
    features: 'Features of the samples',
    load: 'Decoding and resampling',
    'mel spectrogram': 'The mel spectrogram alone, same algorithm',
    'long filter': "The resampler's long filter alone, same algorithm",
  }
  return drawBars(
    Object.entries(titles).map(([ending, title]) => ({
      title,
      bars: ways
        .filter(({ name }) => name.endsWith(`, ${ending}`))
        .map(({ name, median: milliseconds }) => ({ name, milliseconds, ours: name.startsWith('kernel') })),
    })),
  )
}

function ratio(over: string, under: string): (typeof ways)[number] | undefined {
  const [a, b] = [over, under].map((name) => ways.find((way) => way.name === name))
  return a && b && { name: `${over} / ${under}`, median: a.median / b.median, mean: a.mean / b.mean }
}

function columns(numbers: { readonly median: number; readonly mean: number }): string {
  return [numbers.median, numbers.mean].map((value) => value.toFixed(3).padStart(9)).join('')
}

/** Nine processes, one after the other. */
async function measureSetUp(path: string): Promise<number> {
  const script = join(import.meta.dirname, 'set-up-process.ts')
  const times: number[] = []
  for (let i = 0; i < 9; i++) {
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, script, path])
    times.push(Number(stdout))
  }
  return median(times)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

/** So many of the recordings, evenly spread over all. */
function spread(all: readonly string[], count: number): string[] {
  if (all.length === 0) throw new Error('no recordings there')
  const chosen = Math.min(count, all.length)
  return Array.from({ length: chosen }, (_, i) => all[Math.floor((i * all.length) / chosen)])
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text)
  say(`written to ${file}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
