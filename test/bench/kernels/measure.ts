/**
 * Milliseconds of processor time a clip for each way of computing the features, on real recordings: librosa, plain TypeScript, the
 * kernels and their algorithm in C take turns on each recording, one at a time, and what is printed is the median over
 * the recordings of each one's median.
 * usage: node --import tsx -C ser-source test/bench/kernels/measure.ts FOLDER
 *   [--clips 40] [--rounds 15] [--python PYTHON] [--json FILE] [--svg FILE]
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { EXTRACTOR_VERSION } from '@ser/features'
import { findRecordings } from '../compare-librosa/find-recordings.ts'
import { prepareEnvironment } from '../compare-librosa/run-librosa.ts'
import { drawBars, type Bar } from './draw-bars.ts'
import { compileC, type CProgram } from './measure-c.ts'
import { WAYS, createContestants, measureClip, median, type ClipTimes, type Way } from './measure-clip.ts'
import { startLibrosa } from './measure-librosa.ts'
import { measureParts, type PartTimes } from './measure-parts.ts'

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: {
    clips: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '15' },
    python: { type: 'string' },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
})
const [folder] = positionals
if (folder === undefined) {
  process.stderr.write(
    'usage: measure.ts FOLDER [--clips 40] [--rounds 15] [--python PYTHON] [--json FILE] [--svg FILE]\n',
  )
  process.exit(2)
}
const rounds = Number(flags.rounds)
const workFolder = join(import.meta.dirname, '../../../.ser')
await mkdir(workFolder, { recursive: true })

const paths = spread(await findRecordings(folder), Number(flags.clips))
const python = flags.python ?? (await prepareEnvironment(join(workFolder, 'librosa')))
const setUp = await measureSetUp(paths[0])
const librosa = await startLibrosa(python, rounds)
const scratch = await mkdtemp(join(tmpdir(), 'kernels-'))
const clips: ClipTimes[] = []
const parts: PartTimes[] = []
try {
  const compiled = [await compileC(scratch, ['-O3', '-msse2']), await compileC(scratch, ['-O3', '-mavx'])]
  const programs = compiled.filter((program): program is CProgram => program !== undefined)
  if (programs.length === 0) say('no C compiler (cc) for this processor: no comparison with C')
  const contestants = createContestants(librosa, programs)
  // Once over some recordings, so that everything is compiled.
  for (const path of paths.slice(0, 5)) await measureClip(path, rounds, contestants)
  for (const path of paths) clips.push(await measureClip(path, rounds, contestants))
  for (const path of paths) parts.push(await measureParts(path, 20 * rounds))
} finally {
  librosa.close()
  await rm(scratch, { recursive: true })
}

const medians = Object.fromEntries(
  WAYS.flatMap((way) => {
    const times = clips.map((clip) => clip[way]).filter((value) => value !== undefined)
    return times.length > 0 ? [[way, median(times)]] : []
  }),
)
const partMedians = Object.fromEntries(
  Object.keys(parts[0]).map((part) => [part, median(parts.flatMap((clip) => (part in clip ? [clip[part]] : [])))]),
)
const ratios = {
  'features: librosa / kernels': ratio('librosa, features', 'kernels, features'),
  'file to vector: librosa / kernels': ratio('librosa, file to vector', 'kernels, file to vector'),
  'mel spectrogram: kernel / C (SSE2)': ratio('kernel, mel spectrogram', 'C -O3 -msse2, mel spectrogram'),
  'mel spectrogram: kernel / C (AVX)': ratio('kernel, mel spectrogram', 'C -O3 -mavx, mel spectrogram'),
}

say(`${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${JSON.stringify(librosa.versions)}`)
say(`${clips.length} recordings, ${rounds} rounds each; milliseconds of processor time a clip, medians`)
for (const [way, value] of Object.entries(medians)) say(`${value.toFixed(3).padStart(9)}  ${way}`)
for (const [name, value] of Object.entries(ratios)) if (value) say(`${value.toFixed(2).padStart(9)}  ${name}`)
say(`${setUp.toFixed(1).padStart(9)}  a worker's set-up with its first clip, ms (median of 9)`)
say(`where the time goes: least milliseconds of ${20 * rounds} runs, medians over the recordings`)
for (const [part, value] of Object.entries(partMedians)) say(`${value.toFixed(3).padStart(9)}  ${part}`)
await write(flags.json ?? join(workFolder, 'kernels.json'), `${JSON.stringify(result(), null, 2)}\n`)
await write(flags.svg ?? join(workFolder, 'kernels.svg'), picture())

function result(): unknown {
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', node: process.version, extractor: EXTRACTOR_VERSION }
  return {
    ...machine,
    versions: librosa.versions,
    clips: clips.length,
    rounds,
    medians,
    ratios,
    setUp,
    parts: partMedians,
  }
}

function picture(): string {
  return drawBars([
    { title: 'From the file to the vector', bars: barsOf('file to vector') },
    { title: 'Features of the samples', bars: barsOf('features') },
    { title: 'Decoding and resampling', bars: barsOf('load') },
    { title: 'The mel spectrogram alone, same algorithm', bars: barsOf('mel spectrogram') },
  ])
}

/** The ways that do the same. */
function barsOf(ending: string): Bar[] {
  return WAYS.filter((way) => way.endsWith(`, ${ending}`)).flatMap((name) => {
    const milliseconds = medians[name]
    return milliseconds === undefined ? [] : [{ name, milliseconds, ours: name.startsWith('kernel') }]
  })
}

function ratio(over: Way, under: Way): number | undefined {
  const [a, b] = [medians[over], medians[under]]
  return a === undefined || b === undefined ? undefined : a / b
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
