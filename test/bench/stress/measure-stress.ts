// How long a stress evaluation takes and what it finds, on real servers and workers of its own:
//   TESS_DIR=... NOISE_DIR=... node --import tsx -C ser-source test/bench/stress/measure-stress.ts [folder for the page and the figures]
// Trains the paper's model (all features, seed 1) on TESS, and evaluates it on its 700 test recordings.
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  datasetSchema,
  featureProgressSchema,
  ingestionSchema,
  runSchema,
  stressEvaluationSchema,
  type StressRequestInput,
} from '@ser/contracts'
import { renderStressReport, stressTable } from '@ser/report'
import { z } from 'zod'
import { startPipeline } from '../../support/index.ts'

const tess = process.env['TESS_DIR']
const noise = process.env['NOISE_DIR']
if (tess === undefined) throw new Error('TESS_DIR names the folder of TESS')
const folder = resolve(process.argv[2] ?? '.ser/stress')
const epochs = Number(process.env['EPOCHS'] ?? 50)

const pipeline = await startPipeline({ ingestRoots: [tess, ...(noise === undefined ? [] : [noise])] })
try {
  const { client, start } = pipeline
  for (const app of ['ingest', 'feature-worker', 'trainer', 'augmentation-worker'] as const) start(app)
  await ingest('tess', tess, 'tess')
  if (noise !== undefined) await ingest('noise', noise, 'unlabelled')
  const progress = z.object({ items: z.array(featureProgressSchema) })
  await client.until(
    progress,
    '/v1/datasets/tess/progress',
    ({ items }) => items.some(({ clips, vectors, failed }) => clips > 0 && vectors + failed === clips),
    600,
  )
  const run = await client.post(runSchema, '/v1/runs', { datasets: ['tess'], epochs })
  const ended = await client.until(
    runSchema,
    `/v1/runs/${run.id}`,
    ({ status }) => status.endsWith('ed') && status !== 'queued',
    600,
  )
  if (ended.version === null) throw new Error(`the run failed: ${JSON.stringify(ended.error)}`)
  const base = `/v1/models/${ended.version.model}/versions/${ended.version.version}/stress-evaluations`
  const request: StressRequestInput =
    noise === undefined ? {} : { resources: { noise: { dataset: 'noise', half: 'evaluation' } } }
  const asked = await client.post(stressEvaluationSchema, base, request)
  const done = await client.until(
    stressEvaluationSchema,
    `${base}/${asked.id}`,
    ({ status }) => /completed|failed/.test(status),
    600,
  )
  if (done.status === 'failed') throw new Error(`the evaluation failed: ${JSON.stringify(done.error)}`)
  const seconds = (Date.parse(done.finishedAt ?? '') - Date.parse(done.startedAt ?? '')) / 1000
  const { recordings, conditions } = done.progress
  say(stressTable(done).join('\n'))
  say(`${recordings} recordings under ${conditions} conditions in ${seconds.toFixed(1)} s`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'stress.html'), renderStressReport(done))
  await writeFile(join(folder, 'stress.json'), `${JSON.stringify({ seconds, ...done }, undefined, 2)}\n`)
  say(`wrote ${join(folder, 'stress.html')}`)
} finally {
  await pipeline.close()
}

async function ingest(dataset: string, path: string, layout: string): Promise<void> {
  const request = { dataset, source: { kind: 'folder', path }, layout: { kind: layout } }
  const { id } = await pipeline.client.post(ingestionSchema, '/v1/ingestions', request)
  await pipeline.client.until(
    ingestionSchema,
    `/v1/ingestions/${id}`,
    ({ status }) => /completed|failed/.test(status),
    600,
  )
  const { items } = await pipeline.client.get(z.object({ items: z.array(datasetSchema) }), '/v1/datasets')
  say(`${dataset}: ${items.find(({ name }) => name === dataset)?.clips ?? 0} recordings`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
