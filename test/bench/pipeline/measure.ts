/**
 * From a folder of recordings to stored vectors, through the real services, queue and workers; then the features alone, from stored
 * objects, by one worker of one thread, one of two, and two of one; against a librosa script that computes the same vectors with two
 * processes and stores nothing. On 2800 short recordings and two cores all of it takes about two minutes.
 *
 *   node --import tsx -C ser-source test/bench/pipeline/measure.ts FOLDER [--workers 2] [--stage all|whole]
 *     [--python PYTHON] [--no-librosa] [--limit SECONDS] [--json FILE] [--picture FILE.svg]
 *
 * Needs `npm run up` and `npm run build`. Runs on a database, queue prefix and bucket of its own; drops them and ends its processes at the
 * end, also after an error, at the limit (600 s for each stage) and when interrupted.
 */
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { repositoryRoot, startPipeline } from '../../support/index.ts'
import { findRecordings } from '../compare-librosa/find-recordings.ts'
import { prepareEnvironment, runLibrosa } from '../compare-librosa/run-librosa.ts'
import { drawBars } from '../kernels/draw-bars.ts'
import { ingestFolder, extractAgain, type StageFigures } from './measure-stages.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workers: { type: 'string', default: '2' },
    stage: { type: 'string', default: 'all' },
    python: { type: 'string' },
    'no-librosa': { type: 'boolean', default: false },
    limit: { type: 'string', default: '600' },
    json: { type: 'string' },
    picture: { type: 'string' },
  },
})
const folder = positionals[0] ?? usage()
function usage(): never {
  throw new Error('usage: measure.ts FOLDER [--workers N] [--stage all|whole] ...')
}
const recordings = await findRecordings(folder)
const machine = { recordings: recordings.length, cores: availableParallelism(), node: process.versions.node }
const say = (line: string) => process.stdout.write(`${line}\n`)
say(`${machine.recordings} recordings, ${machine.cores} cores, Node ${machine.node}`)

const stages: StageFigures[] = []
function report(figures: StageFigures): void {
  stages.push(figures)
  const { name, seconds, processes } = figures
  say(`${name}: ${seconds.toFixed(2)} s, ${(machine.recordings / seconds).toFixed(0)} clips per second`)
  for (const each of processes)
    say(
      `  ${each.name.padEnd(18)} ${each.processorSeconds.toFixed(2).padStart(7)} s of processor time, peak ${each.peakMebibytes.toFixed(0)} MiB`,
    )
}

const CREWS = [
  { workers: 1, threads: 1 },
  { workers: 1, threads: 2 },
  { workers: 2, threads: 1 },
]

async function measurePipeline(): Promise<void> {
  const pipeline = await startPipeline({ ingestRoots: [folder] })
  const limitSeconds = Number(values.limit)
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => reject(new Error(signal)))
  })
  const measureAll = async () => {
    const workers = Number(values.workers)
    const threads = Math.max(1, Math.ceil(machine.cores / workers))
    // The features alone need the objects, whoever put them there.
    const whole = await ingestFolder(pipeline, folder, { workers, threads, limitSeconds })
    for (const figures of whole) report(figures)
    if (values.stage === 'whole') return
    const seconds: number[] = []
    for (const crew of CREWS) {
      const figures = await extractAgain(pipeline, { ...crew, limitSeconds })
      report(figures)
      seconds.push(figures.seconds)
    }
    say(`features alone: two threads are ${ratio(seconds[0], seconds[1])} times as fast as one,`)
    say(`  two workers of one thread each ${ratio(seconds[0], seconds[2])} times`)
  }
  try {
    await Promise.race([measureAll(), interrupted])
  } finally {
    await pipeline.close()
  }
}

function ratio(one: number, other: number): string {
  return (one / other).toFixed(2)
}

await measurePipeline()

if (!values['no-librosa']) {
  const python = values.python ?? (await prepareEnvironment(join(repositoryRoot, '.ser/librosa')))
  const start = performance.now()
  const { versions } = await runLibrosa(python, recordings, 2)
  const seconds = (performance.now() - start) / 1000
  report({ name: `librosa ${versions['librosa']}, two processes, nothing stored`, seconds, processes: [] })
}

if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ machine, stages }, null, 2)}\n`)
if (values.picture !== undefined) {
  const bars = stages.map(({ name, seconds }) => ({
    name,
    milliseconds: (seconds * 1000) / machine.recordings,
    ours: !name.startsWith('librosa'),
  }))
  const title = `${machine.recordings} recordings on ${machine.cores} cores, milliseconds a recording`
  await writeFile(values.picture, drawBars([{ title, bars }]))
}
