/**
 * Compares this project's voice features with the reference in NumPy (reference.py) over recordings of a folder.
 * usage: node --import tsx -C ser-source test/bench/voice-features/compare.ts FOLDER [--count 150] [--json FILE] [--python PYTHON]
 *
 * Both hear the same samples, as @ser/audio resamples them. An error is told in standard deviations of its value over the
 * recordings, which is what a model sees.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createAsyncWaveformLoader } from '@ser/audio'
import { createExtractor, defaultVoiceSpec, featureNames, VOICE_EXTRACTOR_VERSION } from '@ser/features'
import { findRecordings } from '../compare-librosa/find-recordings.ts'
import { prepareEnvironment } from '../compare-librosa/run-librosa.ts'
import { measureErrors, type ValueError } from './measure-errors.ts'
import { runReference } from './run-reference.ts'

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '150' }, json: { type: 'string' }, python: { type: 'string' } },
})
const [folder] = positionals
if (folder === undefined) {
  process.stderr.write('usage: compare.ts FOLDER [--count 150] [--json FILE] [--python PYTHON]\n')
  process.exit(2)
}

const workFolder = join(import.meta.dirname, '../../../.ser')
const requirements = join(import.meta.dirname, 'requirements.txt')
const python = flags.python ?? (await prepareEnvironment(join(workFolder, 'voice-reference'), requirements))
const paths = spread(await findRecordings(folder), Number(flags.count))
const load = createAsyncWaveformLoader({ sampleRate: defaultVoiceSpec.sampleRate })
const recordings: Float32Array[] = []
for (const path of paths) recordings.push((await load(await readFile(path))).samples)
const seconds = recordings.reduce((sum, { length }) => sum + length, 0) / defaultVoiceSpec.sampleRate
say(`${paths.length} recordings below ${basename(folder)}, ${seconds.toFixed(0)} s`)

const expected = await askReference(recordings)
const extractor = createExtractor(defaultVoiceSpec)
for (const samples of recordings.slice(0, 10)) extractor.extract(samples)
const times: number[] = []
const actual = recordings.map((samples) => {
  const { user, system } = process.cpuUsage()
  const vector = extractor.extract(samples)
  const used = process.cpuUsage()
  times.push((used.user + used.system - user - system) / 1000 / (samples.length / defaultVoiceSpec.sampleRate))
  return vector
})
const names = featureNames(defaultVoiceSpec)
const errors = measureErrors(names, actual, expected)
print(errors)
const msPerSecond = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]
say(`processor time: ${msPerSecond.toFixed(2)} ms a second of sound (median)`)

const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', extractor: VOICE_EXTRACTOR_VERSION }
const file = flags.json ?? join(workFolder, `voice-features-${basename(folder)}.json`)
const result = { folder: basename(folder), recordings: paths.length, seconds, ...machine, msPerSecond, errors }
await writeFile(file, `${JSON.stringify(result, null, 2)}\n`)
say(`written to ${file}`)

async function askReference(all: readonly Float32Array[]): Promise<Record<string, number>[]> {
  const raw = await mkdtemp(join(tmpdir(), 'voice-features-'))
  try {
    const files = all.map((_, index) => join(raw, `${index}.f32`))
    for (const [index, samples] of all.entries()) {
      await writeFile(files[index], new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
    }
    return await runReference(python, files)
  } finally {
    await rm(raw, { recursive: true })
  }
}

function print(all: readonly ValueError[]): void {
  const sorted = [...all].sort((a, b) => b.deviations - a.deviations)
  const worst = sorted.map(({ deviations }) => deviations)
  const below = (limit: number): number => worst.filter((value) => value < limit).length
  say(`of ${worst.length} values, largest error over the recordings in standard deviations of the value:`)
  for (const limit of [1e-5, 1e-4, 1e-3, 1e-2]) say(`  below ${limit}: ${below(limit)}`)
  say('largest:')
  for (const { name, deviations, error, recording } of sorted.slice(0, 10)) {
    say(
      `  ${name.padEnd(28)} ${deviations.toExponential(2)} sd  ${error.toExponential(2)}  ${basename(paths[recording])}`,
    )
  }
}

/** At most `count` of them, at equal distances. */
function spread<T>(items: readonly T[], count: number): T[] {
  const chosen = Math.min(count, items.length)
  return Array.from({ length: chosen }, (_, index) => items[Math.floor((index * items.length) / chosen)])
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
