import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  comparisonSchema,
  featureProgressSchema,
  ingestionSchema,
  predictionBatchSchema,
  predictionSchema,
  reconcileReportSchema,
  runSchema,
  type Prediction,
  type Run,
  type RunSpecInput,
} from '@ser/contracts'
import { syntheticCorpus } from '@ser/corpus'
import { readRunPredictions } from '@ser/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startPipeline } from '../../support/index.ts'

const progressSchema = z.object({ items: z.array(featureProgressSchema) })
// Small matrices: half as many frames, few bands.
const mean = { nMels: 16, nMfcc: 13, hopLength: 1024 }
const every = { ...mean, pooling: 'frames' } as const

describe('from recordings to a model of every frame', () => {
  let pipeline: Awaited<ReturnType<typeof startPipeline>>
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ser-frames-'))
    for await (const { path, bytes } of syntheticCorpus({ words: 4 })) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), bytes)
    }
    pipeline = await startPipeline({ ingestRoots: [folder] })
    for (const app of ['ingest', 'feature-worker', 'trainer'] as const) pipeline.start(app)
  })
  afterAll(async () => {
    await pipeline?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('stores a matrix a recording beside its vector, and makes again what is lost', async () => {
    await ingest(mean)
    await ingest(every)
    const complete = { clips: 56, vectors: 56, failed: 0 }
    const { items } = await whenComplete()
    expect(items).toEqual([expect.objectContaining(complete), expect.objectContaining(complete)])
    const { rows } = await pipeline.db.query<{ rows: number; bytes: number; least: number; most: number }>(
      `select count(*) as rows, avg(octet_length(matrix) - 20 - 8 * 31)::float8 / avg(frames) as bytes, min(frames) as least, max(frames) as most
       from feature_vectors where matrix is not null`,
    )
    expect(rows).toEqual([
      { rows: 56, bytes: expect.closeTo(62, 6), least: expect.any(Number), most: expect.any(Number) },
    ])
    expect(rows[0].most).toBeGreaterThan(rows[0].least)

    await pipeline.db.query('delete from feature_vectors where matrix is not null and frames = $1', [rows[0].most])
    const report = await pipeline.client.post(reconcileReportSchema, '/v1/reconcile', { dataset: 'synthetic' })
    expect(report.clipsOwing).toBeGreaterThan(0)
    expect((await whenComplete()).items).toHaveLength(2)
  })

  it('compares it with a model of the mean vector on the same clips, in one report', async () => {
    const split = { by: 'word', test: 0.34 } as const
    const common = { datasets: ['synthetic'], split }
    const network = { lstmUnits: [16], denseUnits: 8, batchSize: 16, learningRate: 0.01, epochs: 40 }
    const pooled = await train({ ...common, ...network, featureSet: mean, normalisation: 'speaker' })
    const framed = await train({
      ...common,
      ...network,
      model: 'frames',
      featureSet: every,
      normalisation: 'standard',
      layout: 'frames',
      features: ['mfcc', 'zcr', 'rms'],
      pooling: 'attention',
    })
    expect(framed.snapshot).toMatchObject({ train: 42, test: 14 })
    expect(framed.evaluation!.accuracy).toBeGreaterThan(0.5)

    const query = `runs=${pooled.id},${framed.id}`
    const { groups, pairs } = await pipeline.client.get(comparisonSchema, `/v1/comparisons?${query}`)
    expect(groups.map(({ name }) => name)).toEqual([
      expect.stringContaining('mean over time, one-step'),
      expect.stringContaining('mfcc + zcr + rms, every frame, frames'),
    ])
    expect(groups.map(({ figures }) => figures?.accuracy.mean)).toEqual([
      pooled.evaluation!.accuracy,
      framed.evaluation!.accuracy,
    ])
    expect(pairs).toEqual([expect.objectContaining({ first: 0, second: 1, clips: 14 })])
    const difference = framed.evaluation!.accuracy - pooled.evaluation!.accuracy
    expect(pairs[0].difference.accuracy.value).toBeCloseTo(difference, 12)
    const page = await pipeline.client.text(`/v1/comparisons/report?${query}`)
    expect(page).toContain('every frame')
    expect(page).toContain('mean over time')
  })

  it('says of recordings of unequal length, together or alone, what the evaluation said of their stored matrices', async () => {
    const told = (await testSide('frames')).slice(0, 5)
    const recordings = told.map(({ bytes }) => bytes)
    expect(new Set(recordings.map(({ length }) => length)).size).toBeGreaterThan(1)
    const [first] = recordings
    const alone = await pipeline.client.upload(predictionSchema, '/v1/predictions?model=frames', first)
    const together = await answerAll('model=frames', recordings)
    for (const [index, { probabilities }] of told.entries()) expectClose(together[index], probabilities)
    expectClose(alone, told[0].probabilities)
  })

  it('says of the recordings of one speaker, sent together, what the evaluation said of them', async () => {
    const all = await testSide('paper')
    const told = all.filter(({ speaker }) => speaker === all[0].speaker)
    expect(told).toHaveLength(7)
    const recordings = told.map(({ bytes }) => bytes)
    const together = await answerAll('model=paper&speaker=one', recordings)
    for (const [index, { probabilities }] of told.entries()) {
      expectClose(together[index], probabilities)
      expect(together[index].speakerStatistics).toEqual({ of: 'batch', recordings: 7 })
    }
    const apart = await answerAll('model=paper', recordings)
    for (const { speakerStatistics } of apart)
      expect(speakerStatistics).toEqual({ of: 'training-speakers', recordings: 0 })
    expect(apart.map(({ confidence }) => confidence)).not.toEqual(together.map(({ confidence }) => confidence))
  })

  /** What the evaluation of the only version of a model said of each test recording, with its file. */
  async function testSide(model: string) {
    const { rows } = await pipeline.db.query<{ run: string }>(
      `select run_id as run from model_versions where model = $1`,
      [model],
    )
    const told = []
    for await (const part of readRunPredictions(pipeline.db, rows[0].run)) told.push(...part)
    const paths = await pipeline.db.query<{ sha: string; path: string }>(
      `select encode(sha256, 'hex') as sha, path from dataset_clips`,
    )
    const pathOf = new Map(paths.rows.map(({ sha, path }) => [sha, path]))
    return Promise.all(
      told.map(async (each) => ({ ...each, bytes: await readFile(join(folder, pathOf.get(each.sha256)!)) })),
    )
  }

  async function answerAll(query: string, recordings: readonly Uint8Array[]): Promise<Prediction[]> {
    const path = `/v1/predictions/batch?${query}`
    const { items } = await pipeline.client.uploadAll(predictionBatchSchema, path, recordings)
    expect(items.map(({ problem }) => problem)).toEqual(recordings.map(() => null))
    return items.map(({ prediction }) => prediction!)
  }

  async function ingest(featureSet: object): Promise<void> {
    const request = {
      dataset: 'synthetic',
      source: { kind: 'folder', path: folder },
      layout: { kind: 'tess' },
      featureSet,
    }
    const { id } = await pipeline.client.post(ingestionSchema, '/v1/ingestions', request)
    const ended = await pipeline.client.until(ingestionSchema, `/v1/ingestions/${id}`, ({ status }) =>
      /completed|failed/.test(status),
    )
    expect(ended).toMatchObject({ status: 'completed', counts: { total: 56, rejected: 0 } })
  }

  function whenComplete() {
    return pipeline.client.until(progressSchema, '/v1/datasets/synthetic/progress', ({ items }) =>
      items.every(({ clips, vectors }) => vectors === clips),
    )
  }

  async function train(spec: RunSpecInput): Promise<Run> {
    const { id } = await pipeline.client.post(runSchema, '/v1/runs', spec)
    const run = await pipeline.client.until(runSchema, `/v1/runs/${id}`, ({ status }) =>
      /completed|failed/.test(status),
    )
    expect(run).toMatchObject({ status: 'completed', error: null })
    return run
  }
})

// Stored matrices are of 16 bits.
function expectClose(answer: Prediction, probabilities: Float32Array): void {
  for (const [place, probability] of Object.values(answer.probabilities).entries())
    expect(probability).toBeCloseTo(probabilities[place], 2)
}
