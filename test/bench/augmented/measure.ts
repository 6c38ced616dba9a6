/**
 * From a folder of recordings to their variants and the vectors of both, through the real services, queue and workers, with an
 * augmentation worker and a feature worker killed (SIGKILL) on the way; then counts in the database and the bucket whether every
 * clip is there once.
 *
 *   node --import tsx -C ser-source test/bench/augmented/measure.ts FOLDER [--copies 5] [--recipe everyday] [--noise FOLDER]
 *     [--limit RECORDINGS] [--threads 2] [--lock-ms 30000] [--json FILE] [--picture FILE.svg]
 *
 * Needs `npm run up` and `npm run build`. Runs on a database, queue prefix and bucket of its own; drops them and ends its processes at the
 * end, also after an error and when interrupted. Ends with exit code 1 when a clip is lost, doubled or failed.
 */
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startPipeline } from '../../support/index.ts'
import { chooseRecordings } from './copy-some.ts'
import { drawProgress } from './draw-progress.ts'
import { countAll, findFaults } from './prove-rows.ts'
import { runStages, type Stage } from './run-stages.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    copies: { type: 'string', default: '5' },
    recipe: { type: 'string', default: 'everyday' },
    noise: { type: 'string' },
    limit: { type: 'string' },
    threads: { type: 'string' },
    'lock-ms': { type: 'string', default: '30000' },
    json: { type: 'string' },
    picture: { type: 'string' },
  },
})
const [named] = positionals
if (named === undefined)
  throw new Error('usage: measure.ts FOLDER [--copies 5] [--recipe everyday] [--noise FOLDER] ...')
const say = (line: string) => process.stdout.write(`${line}\n`)
const copies = Number(values.copies)
const { recipe } = values
const cores = availableParallelism()
const { folder, recordings, remove } = await chooseRecordings(
  resolve(named),
  values.limit === undefined ? undefined : Number(values.limit),
)
const noise = values.noise === undefined ? {} : { noise: resolve(values.noise) }
say(
  `${recordings} recordings and ${copies} variants of each by "${recipe}", ${cores} cores, Node ${process.versions.node}`,
)

const pipeline = await startPipeline({ ingestRoots: [folder, ...Object.values(noise)] })
try {
  const threads = values.threads === undefined ? {} : { SER_THREADS: values.threads }
  const env = { ...threads, SER_LOCK_MS: values['lock-ms'] }
  const order = { folder, recordings, copies, recipe, ...noise, env, onStage: sayStage }
  const { samples, ...measured } = await Promise.race([runStages(pipeline, order), interrupted()])
  for (const { name, processorSeconds, peakMebibytes } of measured.processes)
    say(
      `  ${name.padEnd(30)} ${processorSeconds.toFixed(1).padStart(7)} s of processor time, peak ${peakMebibytes.toFixed(0)} MiB`,
    )
  for (const { worker, seconds, cutOff, takenOver } of measured.losses)
    say(
      `${worker} killed after ${seconds.toFixed(1)} s with ${cutOff} jobs begun, of which the next one took over ${takenOver}`,
    )

  const counted = await countAll(pipeline.db, pipeline.bucket)
  for (const [name, count] of Object.entries(counted)) say(`  ${name.padEnd(20)} ${count}`)
  const faults = findFaults(counted, { recordings, copies })
  if (measured.failedJobs > 0) faults.push(`${measured.failedJobs} jobs failed for good`)
  say(faults.length === 0 ? 'no clip is lost, doubled or failed' : `AMISS: ${faults.join('; ')}`)
  if (faults.length > 0) process.exitCode = 1

  const machine = { cores, node: process.versions.node, recordings, copies, recipe }
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify({ machine, ...measured, counted, faults }, undefined, 2)}\n`)
  const title = `${recordings} recordings and ${copies} variants of each, ${cores} cores`
  if (values.picture !== undefined) await writeFile(values.picture, drawProgress(title, samples, measured.losses))
} finally {
  await pipeline.close()
  await remove()
}

function sayStage({ name, from, to, clips }: Stage): void {
  const seconds = to - from
  say(`${name}: ${seconds.toFixed(1)} s, ${clips} clips, ${(clips / seconds).toFixed(0)} a second`)
}

function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => reject(new Error(signal)))
  })
}
