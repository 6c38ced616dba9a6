import { randomUUID } from 'node:crypto'
import { featureSpecSchema, ingestRequestSchema, runSpecHash, runSpecSchema, type RunSpecInput } from '@ser/contracts'
import { ensureFeatureSet, recordFeatureFailures, upsertVectors, withAdvisoryLock } from '@ser/database'
import { EXTRACTOR_VERSION } from '@ser/features'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { reconcileOnTimer } from '../../../apps/admin-api/src/reconcile-on-timer.ts'
import { reconcile } from '../../../apps/admin-api/src/reconcile.ts'
import { createTestBucket, type TestBucket } from '../../support/index.ts'
import { addRecordings, openBench, synthesise, type Bench, type Recording } from './open-bench.ts'

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
  const twenty = await ensureFeatureSet(bench.db, featureSpecSchema.parse({ nMfcc: 20 }), EXTRACTOR_VERSION)
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

test('forgets recorded failures when asked to, by dataset and code, and has their clips tried again', async () => {
  const recordings = [4100, 4101, 4102].map(synthesise)
  const [empty, gone] = recordings
  const featureSet = await addRecordings(bench, 'failed', recordings)
  await addRecordings(bench, 'beside', [gone])
  await addIngestion('failed', 'completed')
  const fail = (code: string, { sha256 }: Recording) =>
    recordFeatureFailures(bench.db, featureSet.rowId, [{ sha256, code, message: 'x' }])
  await fail('empty', empty)
  await fail('OBJECT_GONE', gone)
  const report = async (more: object) => {
    const { clipsOwing, failuresForgotten } = await reconcile(bench, { dataset: 'failed', ...more })
    return { clipsOwing, failuresForgotten }
  }
  expect(await report({})).toEqual({ clipsOwing: 1, failuresForgotten: undefined })
  expect(await report({ retryFailed: true, code: 'OBJECT_GONE' })).toEqual({ clipsOwing: 2, failuresForgotten: 1 })
  await fail('OBJECT_GONE', gone)
  expect(await report({ retryFailed: true })).toEqual({ clipsOwing: 3, failuresForgotten: 2 })
  await fail('OBJECT_GONE', gone)
  const beside = await reconcile(bench, { dataset: 'beside', featureSetId: featureSet.id, retryFailed: true })
  expect(beside).toMatchObject({ clipsOwing: 1, failuresForgotten: 1 })
})

test('on a timer: puts back what was lost once, and leaves a backlog as it is', async () => {
  await bench.emptyRedis()
  const told: string[] = []
  const tell = (_: object, message: string) => void told.push(message)
  let rounds = 0
  const counts = () => {
    rounds += 1
    return bench.queues.counts()
  }
  const counted = { ...bench, queues: { ...bench.queues, counts } }
  const options = { everyMs: 5, logger: { info: tell, warn: tell } }
  const timers = [reconcileOnTimer(counted, options), reconcileOnTimer(counted, options)]
  await vi.waitUntil(() => told.length > 0, 20_000)
  const { waiting } = (await bench.queues.counts()).find(({ name }) => name === 'features')!
  expect(waiting).toBeGreaterThan(0)
  const more = rounds + 6
  await vi.waitUntil(() => rounds > more, 20_000)
  await Promise.all(timers.map((timer) => timer.close()))
  expect(told).toEqual(['put back what was owed'])
  expect(await bench.queues.counts()).toMatchObject([{}, {}, { name: 'features', waiting }, {}, {}])
})

test('of several processes one has the lock, and a failure gives it back', async () => {
  const lost = new Error('lost')
  const held = withAdvisoryLock(bench.db, 'reconcile', async () => {
    const meanwhile = await withAdvisoryLock(bench.db, 'reconcile', () => Promise.resolve('me too'))
    expect(meanwhile).toBeUndefined()
    throw lost
  })
  await expect(held).rejects.toBe(lost)
  expect(await withAdvisoryLock(bench.db, 'reconcile', () => Promise.resolve('mine'))).toBe('mine')
})

test('a timer of nothing never runs, and a lost database is told of and tried again', async () => {
  const told: string[] = []
  const logger = { info: () => undefined, warn: (_: object, message: string) => void told.push(message) }
  const away = { ...bench, db: { ...bench.db, withConnection: () => Promise.reject(new Error('away')) } }
  const never = reconcileOnTimer(away, { everyMs: 0, logger })
  const often = reconcileOnTimer(away, { everyMs: 1, logger })
  await vi.waitUntil(() => told.length >= 2, 20_000)
  await Promise.all([never.close(), often.close()])
  expect(new Set(told)).toEqual(new Set(['could not look for what is owed; trying again']))
})
