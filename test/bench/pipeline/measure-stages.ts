import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { featureProgressSchema, ingestionSchema, reconcileReportSchema } from '@ser/contracts'
import { z } from 'zod'
import { repositoryRoot, type startPipeline } from '../../support/index.ts'
import { readCpuSeconds, readPeakMebibytes } from './read-cpu-seconds.ts'

type Pipeline = Awaited<ReturnType<typeof startPipeline>>
type NamedProcess = { readonly name: string; readonly pid: number }
export type Crew = { readonly workers: number; readonly threads: number }

export type StageFigures = {
  readonly name: string
  readonly seconds: number
  readonly processes: readonly { name: string; processorSeconds: number; peakMebibytes: number }[]
}

/** Puts a folder in: how long until all objects and rows are there, and until all vectors are. */
export async function ingestFolder(pipeline: Pipeline, folder: string, crew: Crew): Promise<StageFigures[]> {
  const ingest = pipeline.start('ingest')
  await ingest.sees(/is taking jobs/)
  const { processes, close } = await startWorkers(pipeline, crew)
  const watch = watchProcesses([{ name: 'ingest', pid: ingest.pid }, ...processes, ...(await readServices())])
  const { client } = pipeline
  const request = { dataset: 'bench', source: { kind: 'folder', path: folder } }
  const { id } = await client.post(ingestionSchema, '/v1/ingestions', request)
  const { status, counts } = await client.until(ingestionSchema, `/v1/ingestions/${id}`, hasEnded, 3600)
  if (status === 'failed') throw new Error(`the ingestion failed: ${JSON.stringify(counts)}`)
  const rows = watch('all objects and rows')
  await allVectors(pipeline)
  const vectors = watch(`folder to all vectors, ${nameOf(crew)}`)
  await Promise.all([ingest.stop(), close()])
  return [{ ...rows, processes: [] }, vectors]
}

function hasEnded({ status }: { readonly status: string }): boolean {
  return status === 'completed' || status === 'failed'
}

/** Forgets the vectors and has them computed again, from the objects that are there. */
export async function extractAgain(pipeline: Pipeline, crew: Crew): Promise<StageFigures> {
  await pipeline.db.query('truncate feature_vectors')
  await pipeline.emptyRedis()
  const { processes, close } = await startWorkers(pipeline, crew)
  const watch = watchProcesses([...processes, ...(await readServices())])
  await pipeline.client.post(reconcileReportSchema, '/v1/reconcile', {})
  await allVectors(pipeline)
  const figures = watch(`features alone, ${nameOf(crew)}`)
  await close()
  return figures
}

function nameOf({ workers, threads }: Crew): string {
  return `${workers} x ${threads} threads`
}

async function startWorkers(pipeline: Pipeline, { workers, threads }: Crew) {
  const apps = Array.from({ length: workers }, () =>
    pipeline.start('feature-worker', { SER_THREADS: String(threads), SER_CONCURRENCY: String(threads + 1) }),
  )
  await Promise.all(apps.map((app) => app.sees(/takes jobs/)))
  const processes = apps.map(({ pid }, index) => ({ name: `feature-worker ${index + 1}`, pid }))
  return { processes, close: async () => void (await Promise.all(apps.map((app) => app.stop()))) }
}

async function allVectors({ client }: Pipeline): Promise<void> {
  const progress = z.object({ items: z.array(featureProgressSchema) })
  await client.until(
    progress,
    '/v1/datasets/bench/progress',
    ({ items: [set] }) => set !== undefined && set.vectors + set.failed === set.clips,
    3600,
  )
}

/** Begins to count; the function that it gives says what was used since. */
function watchProcesses(processes: readonly NamedProcess[]): (name: string) => StageFigures {
  const before = processes.map(({ pid }) => readCpuSeconds(pid))
  const start = performance.now()
  return (name) => ({
    name,
    seconds: (performance.now() - start) / 1000,
    processes: processes.map((each, index) => ({
      name: each.name,
      processorSeconds: readCpuSeconds(each.pid) - before[index],
      peakMebibytes: readPeakMebibytes(each.pid),
    })),
  })
}

/** The services, where `npm run up` started them as processes of this machine. */
async function readServices(): Promise<NamedProcess[]> {
  const schema = z.object({
    services: z.record(z.string(), z.object({ process: z.object({ pid: z.number() }).optional() })),
  })
  const text = await readFile(join(repositoryRoot, '.ser/services-state.json'), 'utf8').catch(() => '{"services":{}}')
  return Object.entries(schema.parse(JSON.parse(text)).services).flatMap(([name, service]) =>
    service.process === undefined ? [] : [{ name, pid: service.process.pid }],
  )
}
