import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import {
  datasetSchema,
  featureProgressSchema,
  ingestionSchema,
  predictionSchema,
  queueCountsSchema,
  reconcileReportSchema,
  runSchema,
} from '@ser/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type TestCorpus, corpusForTests } from './corpus-for-tests.ts'
import { startPipeline } from '../support/index.ts'

const listOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) })

// With TESS_DIR this runs on the 2800 recordings; else on 280 synthetic ones.
describe('the pipeline, when a worker is killed and Redis is emptied in the middle', () => {
  let corpus: TestCorpus
  let pipeline: Awaited<ReturnType<typeof startPipeline>>

  beforeAll(async () => {
    corpus = await corpusForTests(20)
    pipeline = await startPipeline({ ingestRoots: [corpus.folder] })
  })
  afterAll(async () => {
    await pipeline?.close()
    await corpus?.remove()
  })

  const ingest = async () => {
    const { client } = pipeline
    const request = { dataset: 'tess', source: { kind: 'folder', path: corpus.folder } }
    const { id } = await client.post(ingestionSchema, '/v1/ingestions', request)
    return client.until(ingestionSchema, `/v1/ingestions/${id}`, ({ status }) => /completed|failed/.test(status), 300)
  }
  const vectors = async () => {
    const { items } = await pipeline.client.get(listOf(featureProgressSchema), '/v1/datasets/tess/progress')
    return items[0]?.vectors ?? 0
  }
  const rows = async () => {
    const { rows: found } = await pipeline.db.query<{ vectors: string; pairs: string; clips: string; paths: string }>(
      `select (select count(*) from feature_vectors) as vectors,
              (select count(*) from (select distinct sha256, feature_set_id from feature_vectors) pairs) as pairs,
              (select count(*) from clips) as clips, (select count(*) from dataset_clips) as paths`,
    )
    const [row] = found
    return {
      vectors: Number(row?.vectors),
      pairs: Number(row?.pairs),
      clips: Number(row?.clips),
      paths: Number(row?.paths),
    }
  }

  it('stores every vector once after reconcile', async () => {
    const { client } = pipeline
    pipeline.start('ingest')
    const victim = pipeline.start('feature-worker')
    const ingestion = await ingest()
    expect(ingestion).toMatchObject({ status: 'completed', counts: { stored: corpus.recordings, rejected: 0 } })

    await until(async () => (await vectors()) >= corpus.recordings / 10, 20)
    await victim.kill()
    await pipeline.emptyRedis()
    const before = await vectors()
    expect(before).toBeLessThan(corpus.recordings)

    pipeline.start('feature-worker')
    const report = await client.post(reconcileReportSchema, '/v1/reconcile', {})
    expect(report.clipsOwing).toBe(corpus.recordings - before)
    await until(async () => (await vectors()) === corpus.recordings)
    expect(await rows()).toEqual({
      vectors: corpus.recordings,
      pairs: corpus.recordings,
      clips: corpus.recordings,
      paths: corpus.recordings,
    })
  })

  it('changes nothing when the same folder is ingested again, and says so', async () => {
    const { client } = pipeline
    const [before, queuesBefore] = [await rows(), await client.get(listOf(queueCountsSchema), '/v1/queues')]
    const ingestion = await ingest()
    expect(ingestion.counts).toMatchObject({ stored: 0, unchanged: corpus.recordings, rejected: 0 })
    expect(await rows()).toEqual(before)
    const finished = (queues: typeof queuesBefore) => {
      const features = queues.items.find(({ name }) => name === 'features')
      return features && features.completed + features.waiting + features.active + features.delayed + features.failed
    }
    expect(finished(await client.get(listOf(queueCountsSchema), '/v1/queues'))).toBe(finished(queuesBefore))
    expect(await client.get(listOf(datasetSchema), '/v1/datasets')).toMatchObject({
      items: [{ clips: corpus.recordings }],
    })
  })

  it('trains a version on them and answers a recording with it', async () => {
    const { client } = pipeline
    pipeline.start('trainer')
    const { id } = await client.post(runSchema, '/v1/runs', { datasets: ['tess'], epochs: 20, batchSize: 32 })
    const run = await client.until(runSchema, `/v1/runs/${id}`, ({ status }) => !/queued|running/.test(status), 300)
    expect(run).toMatchObject({ status: 'completed', error: null, version: { model: 'paper', version: 1 } })
    expect(run.epochs).toHaveLength(20)
    expect(run.evaluation?.accuracy).toBeGreaterThan(2 / 7)

    const recording = await readFile(corpus.files[0] ?? '')
    const prediction = await client.upload(predictionSchema, '/v1/predictions?model=paper', recording)
    const total = Object.values(prediction.probabilities).reduce((sum, value) => sum + value, 0)
    expect(prediction).toMatchObject({ model: 'paper', version: 1 })
    expect(total).toBeCloseTo(1, 4)
  })
})

async function until(holds: () => Promise<boolean>, everyMs = 100, seconds = 300): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not come to it in ${seconds} s`)
    await setTimeout(everyMs)
  }
}
