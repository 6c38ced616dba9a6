import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createAsyncWaveformLoader } from '@ser/audio'
import {
  featureGroups,
  featureProgressSchema,
  featureRanges,
  featureSetId,
  featureSpecSchema,
  ingestionSchema,
  predictionSchema,
  runSchema,
} from '@ser/contracts'
import { syntheticCorpus } from '@ser/corpus'
import {
  createRowExtractor,
  decodeMatrix,
  extractFeatures,
  extractorVersion,
  featureNames,
  voiceBlockGroups,
  voiceGroups,
} from '@ser/features'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startPipeline } from '../../support/index.ts'

const RECORDINGS = 42
const spec = featureSpecSchema.parse({ kind: 'voice' })
const blocks = featureSpecSchema.parse({ kind: 'voice', pooling: 'frames' })
let folder: string
let first: string
let pipeline: Awaited<ReturnType<typeof startPipeline>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ser-voice-'))
  for await (const { path, bytes } of syntheticCorpus({ words: 3 })) {
    first ??= join(folder, path)
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
  pipeline = await startPipeline({ ingestRoots: [folder] })
})
afterAll(async () => {
  await pipeline?.close()
  await rm(folder, { recursive: true })
})

test('the contract knows where the groups of a voice lie', () => {
  const names = featureNames(spec)
  const ranges = featureRanges(spec)
  expect(featureGroups(spec)).toEqual(voiceGroups().map(([group]) => group))
  for (const [group, inGroup] of voiceGroups()) expect(names.slice(...(ranges[group] ?? []))).toEqual(inGroup)
})

test('and where those of its blocks lie', () => {
  const names = featureNames(blocks)
  const ranges = featureRanges(blocks)
  expect(featureGroups(blocks)).toEqual(voiceBlockGroups().map(([group]) => group))
  for (const [group, inGroup] of voiceBlockGroups()) expect(names.slice(...(ranges[group] ?? []))).toEqual(inGroup)
})

/** The features of every recording of the folder. */
async function ingest(featureSet: typeof spec): Promise<void> {
  const { client } = pipeline
  const source = { kind: 'folder', path: folder }
  const { id } = await client.post(ingestionSchema, '/v1/ingestions', { dataset: 'voices', source, featureSet })
  await client.until(ingestionSchema, `/v1/ingestions/${id}`, ({ status }) => status === 'completed')
  const set = featureSetId(featureSet, extractorVersion(featureSet))
  await client.until(z.object({ items: z.array(featureProgressSchema) }), '/v1/datasets/voices/progress', ({ items }) =>
    items.some(({ featureSetId: found, vectors }) => found === set && vectors === RECORDINGS),
  )
}

async function train(asked: object): Promise<z.output<typeof runSchema>> {
  const { client } = pipeline
  const run = await client.post(runSchema, '/v1/runs', { ...asked, lstmUnits: [8], denseUnits: 8, epochs: 1 })
  return client.until(runSchema, `/v1/runs/${run.id}`, ({ status }) => /completed|failed/.test(status))
}

test('recordings are ingested, trained on and predicted with by the statistics of a voice', async () => {
  const { client, db } = pipeline
  pipeline.start('ingest')
  pipeline.start('feature-worker')
  pipeline.start('trainer', { SER_BACKEND: 'cpu' })
  await ingest(spec)

  const { rows } = await db.query<{ values: number[] }>(
    `select vector_values(v.vector) as values from feature_vectors v join dataset_clips d on d.sha256 = v.sha256
     where d.path = $1`,
    [first.slice(folder.length + 1)],
  )
  const { samples } = await createAsyncWaveformLoader({ sampleRate: spec.sampleRate })(await readFile(first))
  expect(Float32Array.from(rows[0].values)).toEqual(extractFeatures(samples, spec))

  const features = featureGroups(spec).filter((group) => group !== 'detail')
  const asked = { model: 'voice', datasets: ['voices'], featureSet: spec, features, normalisation: 'standard' }
  const ended = await train(asked)
  expect(ended).toMatchObject({ status: 'completed', spec: { featureSet: spec, features } })

  const prediction = await client.upload(predictionSchema, '/v1/predictions?model=voice', await readFile(first))
  const total = Object.values(prediction.probabilities).reduce((sum, value) => sum + value, 0)
  expect(prediction).toMatchObject({ model: 'voice', version: 1, sampleRate: 24_414 })
  expect(total).toBeCloseTo(1, 4)
})

test('a model of networks of both, the statistics and the voice over time, is trained and predicts by speaker', async () => {
  const { client, db } = pipeline
  await ingest(blocks)
  const { rows } = await db.query<{ matrix: Uint8Array; frames: number }>(
    `select v.matrix, v.frames from feature_vectors v join dataset_clips d on d.sha256 = v.sha256
     where d.path = $1 and v.matrix is not null`,
    [first.slice(folder.length + 1)],
  )
  const { samples } = await createAsyncWaveformLoader({ sampleRate: blocks.sampleRate })(await readFile(first))
  const exact = createRowExtractor(blocks)(samples)
  expect(rows.map(({ frames }) => frames)).toEqual([exact.length / 42])
  // Stored in 16 bits of a column's range, which is some 100 dB at most.
  for (const [at, value] of decodeMatrix(rows[0].matrix).entries()) expect(value).toBeCloseTo(exact[at], 2)

  const sequence = {
    featureSet: blocks,
    layout: 'frames',
    features: ['pitch', 'level'],
    pooling: 'attentive-statistics',
  }
  const asked = { model: 'both', datasets: ['voices'], featureSet: spec, normalisation: 'speaker' }
  const ended = await train({ ...asked, members: [{ weight: 3 }, { ...sequence, bidirectional: true, crop: 0.4 }] })
  expect(ended).toMatchObject({ status: 'completed' })
  const prediction = await client.upload(predictionSchema, '/v1/predictions?model=both', await readFile(first))
  expect(prediction).toMatchObject({ model: 'both', speakerStatistics: { of: 'training-speakers' } })
})
