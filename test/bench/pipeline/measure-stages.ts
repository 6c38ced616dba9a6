import { setTimeout } from 'node:timers/promises'
import { ingestionSchema, reconcileReportSchema } from '@ser/contracts'
import type { startPipeline } from '../../support/index.ts'
import { readServices, watchProcess, type NamedProcess, type ProcessFigures } from './watch-process.ts'

type Pipeline = Awaited<ReturnType<typeof startPipeline>>
export type Crew = { readonly workers: number; readonly threads: number }
/** A stage that has not ended after so long is an error. */
type Limit = { readonly limitSeconds: number }

export type StageFigures = {
  readonly name: string
  readonly seconds: number
  readonly processes: readonly ProcessFigures[]
}

/** Puts a folder in: how long until all objects and rows are there, and until all vectors are. */
export async function ingestFolder(pipeline: Pipeline, folder: string, crew: Crew & Limit): Promise<StageFigures[]> {
  const ingest = pipeline.start('ingest')
  await ingest.sees(/is taking jobs/)
  const { processes, close } = await startWorkers(pipeline, crew)
  const watch = watchProcesses([{ name: 'ingest', pid: ingest.pid }, ...processes, ...(await readServices())])
  const { client } = pipeline
  const request = { dataset: 'bench', source: { kind: 'folder', path: folder } }
  const { id } = await client.post(ingestionSchema, '/v1/ingestions', request)
  const { status, counts } = await client.until(ingestionSchema, `/v1/ingestions/${id}`, hasEnded, crew.limitSeconds)
  if (status === 'failed') throw new Error(`the ingestion failed: ${JSON.stringify(counts)}`)
  const rows = watch('all objects and rows')
  await allVectors(pipeline, crew)
  const vectors = watch(`folder to all vectors, ${nameOf(crew)}`)
  await Promise.all([ingest.stop(), close()])
  return [{ ...rows, processes: [] }, vectors]
}

function hasEnded({ status }: { readonly status: string }): boolean {
  return status === 'completed' || status === 'failed'
}

/** Forgets the vectors and has them computed again, from the objects that are there. */
export async function extractAgain(pipeline: Pipeline, crew: Crew & Limit): Promise<StageFigures> {
  await pipeline.db.query('truncate feature_vectors')
  await pipeline.emptyRedis()
  const { processes, close } = await startWorkers(pipeline, crew)
  const watch = watchProcesses([...processes, ...(await readServices())])
  await pipeline.client.post(reconcileReportSchema, '/v1/reconcile', {})
  await allVectors(pipeline, crew)
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

/** Asks the tables and not the API: what is asked so often would be measured too. */
async function allVectors({ db }: Pipeline, { limitSeconds }: Limit): Promise<void> {
  const { rows: wanted } = await db.query<{ clips: number }>(
    'select count(distinct sha256) as clips from dataset_clips',
  )
  const end = performance.now() + limitSeconds * 1000
  for (;;) {
    const { rows } = await db.query<{ done: number }>(
      'select (select count(*) from feature_vectors) + (select count(*) from feature_failures) as done',
    )
    if (rows[0].done >= wanted[0].clips) return
    if (performance.now() > end)
      throw new Error(`${rows[0].done} of ${wanted[0].clips} clips were done after ${limitSeconds} s`)
    await setTimeout(50)
  }
}

/** Begins to count; the function that it gives says what was used since. */
function watchProcesses(processes: readonly NamedProcess[]): (name: string) => StageFigures {
  const watches = processes.map(watchProcess)
  const start = performance.now()
  return (name) => ({
    name,
    seconds: (performance.now() - start) / 1000,
    processes: watches.map((figures) => figures()),
  })
}
