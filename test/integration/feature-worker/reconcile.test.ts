import { randomUUID } from 'node:crypto'
import { ingestRequestSchema, runSpecHash, runSpecSchema, type RunSpecInput } from '@ser/contracts'
import { ensureFeatureSet, recordFeatureFailures, upsertVectors } from '@ser/database'
import { EXTRACTOR_VERSION } from '@ser/features'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../../apps/admin-api/src/reconcile.ts'
import { createTestBucket, type TestBucket } from '../../support/index.ts'
import { addRecordings, openBench, synthesise, type Bench } from './open-bench.ts'

let bucket: TestBucket
let bench: Bench

beforeAll(async () => {
  bucket = await createTestBucket()
  bench = await openBench(bucket)
})

afterAll(async () => {
  await bench.close()
  await bucket.drop()
})

const nothing = {
  featureJobs: 0,
  clipsOwing: 0,
  augmentJobs: 0,
  parentsOwing: 0,
  ingestions: 0,
  runs: 0,
  evaluations: 0,
}

async function addIngestion(dataset: string, status: string): Promise<void> {
  const request = ingestRequestSchema.parse({ dataset, source: { kind: 'folder', path: '/data' } })
  await bench.db.query(
    `insert into ingestions (id, dataset_id, request, status) select $1, id, $2, $3 from datasets where name = $4`,
    [randomUUID(), JSON.stringify(request), status, dataset],
  )
}

async function addRun(input: RunSpecInput, status: string): Promise<void> {
  const spec = runSpecSchema.parse(input)
  await bench.db.query('insert into runs (id, spec, spec_hash, status) values ($1, $2, $3, $4)', [
    randomUUID(),
    JSON.stringify(spec),
    Buffer.from(runSpecHash(spec), 'hex'),
    status,
  ])
}

test('enqueues what ingestions and waiting runs ask for and is not there, page by page, once', async () => {
  const recordings = Array.from({ length: 25 }, (_, number) => synthesise(2000 + number))
  const featureSet = await addRecordings(bench, 'asked', recordings)
  await addRecordings(bench, 'nobody-asked', [synthesise(3000)])
  expect(await reconcile(bench)).toEqual(nothing)

  await addIngestion('asked', 'completed')
  const [done, failed] = recordings
  await upsertVectors(bench.db, featureSet.rowId, [{ sha256: done.sha256, values: new Float32Array(170) }])
  await recordFeatureFailures(bench.db, featureSet.rowId, [
    { sha256: failed.sha256, code: 'empty', message: 'no samples' },
  ])
  expect(await reconcile({ ...bench, pageSize: 10 })).toEqual({ ...nothing, clipsOwing: 23, featureJobs: 3 })
  // All of it is on its way.
  expect(await reconcile({ ...bench, pageSize: 10 })).toEqual({ ...nothing, clipsOwing: 23 })

  // A run asks for other features of both datasets; a run that has ended asks for nothing.
  await addRun({ datasets: ['asked'], featureSet: { nMfcc: 13 } }, 'completed')
  await addRun({ datasets: ['asked', 'nobody-asked'], featureSet: { nMfcc: 20 } }, 'queued')
  const twenty = await ensureFeatureSet(bench.db, { ...featureSet.spec, nMfcc: 20 }, EXTRACTOR_VERSION)
  expect(await reconcile(bench, { featureSetId: twenty.id })).toEqual({
    ...nothing,
    featureJobs: 2,
    clipsOwing: 26,
    runs: 1,
  })
  await bench.emptyRedis()
  expect(await reconcile(bench, { dataset: 'asked' })).toMatchObject({ clipsOwing: 48, featureJobs: 2, runs: 1 })
})

test('enqueues unfinished ingestions again unless they are on their way', async () => {
  await bench.emptyRedis()
  await addRecordings(bench, 'unfinished', [synthesise(4000)])
  for (const status of ['queued', 'running', 'running', 'failed', 'completed']) await addIngestion('unfinished', status)
  expect(await reconcile({ ...bench, pageSize: 2 })).toMatchObject({ ingestions: 3 })
  expect(await reconcile({ ...bench, pageSize: 2 })).toMatchObject({ ingestions: 0 })
})

test('computes a feature set for a dataset when both are named, also when nobody has asked', async () => {
  const featureSet = await addRecordings(bench, 'named', [synthesise(5000)])
  const scope = { dataset: 'named', featureSetId: featureSet.id }
  expect(await reconcile(bench, scope)).toMatchObject({ clipsOwing: 1, featureJobs: 1 })
})

test('says that a dataset or feature set is not there', async () => {
  await expect(reconcile(bench, { dataset: 'nowhere' })).rejects.toMatchObject({
    code: 'DATASET_NOT_FOUND',
    kind: 'gone',
  })
  const scope = { dataset: 'named', featureSetId: 'e'.repeat(64) }
  await expect(reconcile(bench, scope)).rejects.toMatchObject({ code: 'FEATURE_SET_NOT_FOUND', kind: 'gone' })
})
