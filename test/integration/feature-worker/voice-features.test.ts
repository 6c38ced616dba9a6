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
import { extractFeatures, extractorVersion, featureNames, voiceGroups } from '@ser/features'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startPipeline } from '../../support/index.ts'

const RECORDINGS = 42
const spec = featureSpecSchema.parse({ kind: 'voice' })
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

test('recordings are ingested, trained on and predicted with by the statistics of a voice', async () => {
  const { client, db } = pipeline
  pipeline.start('ingest')
  pipeline.start('feature-worker')
  pipeline.start('trainer', { SER_BACKEND: 'cpu' })
  const source = { kind: 'folder', path: folder }
  const { id } = await client.post(ingestionSchema, '/v1/ingestions', { dataset: 'voices', source, featureSet: spec })
  await client.until(ingestionSchema, `/v1/ingestions/${id}`, ({ status }) => status === 'completed')
  const progress = await client.until(
    z.object({ items: z.array(featureProgressSchema) }),
    '/v1/datasets/voices/progress',
    ({ items }) => items[0]?.vectors === RECORDINGS,
  )
  expect(progress.items.map(({ featureSetId: set }) => set)).toEqual([featureSetId(spec, extractorVersion(spec))])

  const { rows } = await db.query<{ values: number[] }>(
    `select vector_values(v.vector) as values from feature_vectors v join dataset_clips d on d.sha256 = v.sha256
     where d.path = $1`,
    [first.slice(folder.length + 1)],
  )
  const { samples } = await createAsyncWaveformLoader({ sampleRate: spec.sampleRate })(await readFile(first))
  expect(Float32Array.from(rows[0].values)).toEqual(extractFeatures(samples, spec))

  const features = featureGroups(spec).filter((group) => group !== 'detail')
  const asked = {
    model: 'voice',
    datasets: ['voices'],
    featureSet: spec,
    features,
    normalisation: 'standard',
    epochs: 1,
  }
  const run = await client.post(runSchema, '/v1/runs', { ...asked, lstmUnits: [8], denseUnits: 8 })
  const ended = await client.until(runSchema, `/v1/runs/${run.id}`, ({ status }) => /completed|failed/.test(status))
  expect(ended).toMatchObject({ status: 'completed', spec: { featureSet: spec, features } })

  const prediction = await client.upload(predictionSchema, '/v1/predictions?model=voice', await readFile(first))
  const total = Object.values(prediction.probabilities).reduce((sum, value) => sum + value, 0)
  expect(prediction).toMatchObject({ model: 'voice', version: 1, sampleRate: 24_414 })
  expect(total).toBeCloseTo(1, 4)
})
