/**
 * From a folder of recordings to stored vectors, through the real services, queue and workers, against a librosa script that
 * computes the same vectors with two processes and stores nothing.
 *
 *   node --import tsx -C ser-source test/bench/pipeline/measure.ts FOLDER [--workers 2] [--python PYTHON] [--no-librosa]
 *
 * Needs `npm run up` and `npm run build`. Runs on a database, queue prefix and bucket of its own and drops them at the end.
 */
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { featureProgressSchema, ingestionSchema } from '@ser/contracts'
import { z } from 'zod'
import { repositoryRoot, startPipeline } from '../../support/index.ts'
import { findRecordings } from '../compare-librosa/find-recordings.ts'
import { prepareEnvironment, runLibrosa } from '../compare-librosa/run-librosa.ts'
import { readCpuSeconds, readPeakMebibytes } from './read-cpu-seconds.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workers: { type: 'string', default: '2' },
    python: { type: 'string' },
    'no-librosa': { type: 'boolean', default: false },
  },
})
const [folder] = positionals
if (folder === undefined) throw new Error('usage: measure.ts FOLDER [--workers N] [--python PYTHON] [--no-librosa]')
const recordings = await findRecordings(folder)
const say = (line: string) => process.stdout.write(`${line}\n`)
say(`${recordings.length} recordings, ${availableParallelism()} cores, Node ${process.versions.node}`)

const pipeline = await startPipeline({ ingestRoots: [folder], from: 'bundle' })
try {
  const workers = Number(values.workers)
  const apps = [
    ['ingest', pipeline.start('ingest')] as const,
    ...Array.from({ length: workers }, (_, index) => {
      const threads = String(Math.max(1, Math.ceil(availableParallelism() / workers)))
      return [`feature-worker ${index + 1}`, pipeline.start('feature-worker', { SER_THREADS: threads })] as const
    }),
  ]
  await Promise.all(apps.map(([, app]) => app.sees(/(takes|is taking) jobs/)))
  const processes = [...apps.map(([name, { pid }]) => ({ name, pid })), ...(await readServices())]
  const before = processes.map(({ pid }) => readCpuSeconds(pid))
  const start = performance.now()
  const { client } = pipeline
  const request = { dataset: 'bench', source: { kind: 'folder', path: folder } }
  const { id } = await client.post(ingestionSchema, '/v1/ingestions', request)
  const ended = await client.until(
    ingestionSchema,
    `/v1/ingestions/${id}`,
    ({ status }) => /completed|failed/.test(status),
    3600,
  )
  const ingested = (performance.now() - start) / 1000
  const progress = z.object({ items: z.array(featureProgressSchema) })
  await client.until(
    progress,
    '/v1/datasets/bench/progress',
    ({ items: [set] }) => set !== undefined && set.vectors + set.failed === set.clips,
    3600,
  )
  const stored = (performance.now() - start) / 1000
  say(`ingestion ${ended.status}: ${JSON.stringify(ended.counts)}`)
  say(
    `all objects and rows after ${ingested.toFixed(2)} s, all vectors after ${stored.toFixed(2)} s: ${(recordings.length / stored).toFixed(0)} clips per second`,
  )
  for (const [index, { name, pid }] of processes.entries()) {
    const seconds = readCpuSeconds(pid) - before[index]
    say(
      `  ${name.padEnd(18)} ${seconds.toFixed(2).padStart(7)} s of processor time, peak ${readPeakMebibytes(pid).toFixed(0)} MiB`,
    )
  }
} finally {
  await pipeline.close()
}

if (!values['no-librosa']) {
  const python = values.python ?? (await prepareEnvironment(join(repositoryRoot, '.ser/librosa')))
  const start = performance.now()
  const { versions } = await runLibrosa(python, recordings, 2)
  const seconds = (performance.now() - start) / 1000
  say(
    `librosa ${versions['librosa']}, two processes, nothing stored: ${seconds.toFixed(2)} s, ${(recordings.length / seconds).toFixed(0)} clips per second`,
  )
}

/** The services, where \`npm run up\` started them as processes of this machine. */
async function readServices(): Promise<{ name: string; pid: number }[]> {
  const schema = z.object({
    services: z.record(z.string(), z.object({ process: z.object({ pid: z.number() }).optional() })),
  })
  const text = await readFile(join(repositoryRoot, '.ser/services-state.json'), 'utf8').catch(() => '{"services":{}}')
  return Object.entries(schema.parse(JSON.parse(text)).services).flatMap(([name, service]) =>
    service.process === undefined ? [] : [{ name, pid: service.process.pid }],
  )
}
