/**
 * Compares this project's features with librosa's over a folder of recordings.
 * usage: node --import tsx -C ser-source test/bench/compare-librosa/compare.ts FOLDER [--json FILE] [--python PYTHON]
 */
import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { EXTRACTOR_VERSION } from '@ser/features'
import { compareFeatures, type Comparison } from './compare-features.ts'
import { findRecordings } from './find-recordings.ts'
import { prepareEnvironment, runLibrosa } from './run-librosa.ts'

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, python: { type: 'string' }, processes: { type: 'string', default: '2' } },
})
const [folder] = positionals
if (folder === undefined) {
  process.stderr.write('usage: compare.ts FOLDER [--json FILE] [--python PYTHON] [--processes 2]\n')
  process.exit(2)
}

const workFolder = join(import.meta.dirname, '../../../.ser')
const paths = await findRecordings(folder)
say(`${paths.length} recordings below ${folder}`)
const python = flags.python ?? (await prepareEnvironment(join(workFolder, 'librosa')))
const started = performance.now()
const { versions, lines } = await runLibrosa(python, paths, Number(flags.processes))
const librosaSeconds = (performance.now() - started) / 1000
const comparison = await compareFeatures(lines, folder)
say(`librosa ${versions['librosa']}, ${flags.processes} processes: ${librosaSeconds.toFixed(1)} s`)
print(comparison)

const file = flags.json ?? join(workFolder, 'compare-librosa.json')
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', extractor: EXTRACTOR_VERSION }
const result = {
  folder: basename(folder),
  recordings: paths.length,
  ...machine,
  versions,
  librosaSeconds,
  ...comparison,
}
await writeFile(file, `${JSON.stringify(result, null, 2)}\n`)
say(`written to ${file}`)

function print({ compared, largest, disagreements, seconds }: Comparison): void {
  say(`ours, one thread: ${seconds.toFixed(1)} s`)
  say(`largest errors over ${compared} recordings`)
  const measures = { mfcc: 'of max(|b|, 1)', mel: 'relative', rms: 'relative', zcr: 'crossings' }
  for (const group of ['mfcc', 'mel', 'rms', 'zcr'] as const) {
    const { error, path, index } = largest[group]
    say(
      `  ${group.padEnd(4)} ${error.toExponential(2).padStart(9)} ${measures[group].padEnd(14)} value ${index}  ${path}`,
    )
  }
  for (const line of disagreements) say(`  ${line}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
