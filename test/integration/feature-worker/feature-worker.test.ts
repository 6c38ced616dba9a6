import { featureJobs } from '@ser/queue'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { reconcile } from '../../../apps/admin-api/src/reconcile.ts'
import { createTestBucket, startApp, type StartedApp, type TestBucket } from '../../support/index.ts'
import {
  addRecordings,
  openBench,
  progressOf,
  recordingOf,
  synthesise,
  vectorOf,
  vectorsOf,
  whileWorkersWait,
  type Bench,
} from './open-bench.ts'

let bucket: TestBucket
let bench: Bench
let apps: StartedApp[]

beforeAll(async () => {
  bucket = await createTestBucket()
})

afterAll(() => bucket.drop())

beforeEach(async () => {
  bench = await openBench(bucket)
  apps = []
})

afterEach(async () => {
  await Promise.all(apps.map((app) => app.kill()))
  await bench.close()
})

async function startWorker(from: 'bundle' | 'source' = 'bundle'): Promise<StartedApp> {
  const app = startApp('feature-worker', bench.env, from)
  apps.push(app)
  await app.sees(/takes jobs/)
  return app
}

const recordings = Array.from({ length: 300 }, (_, number) => synthesise(number))
const waiting = { timeout: 60_000, interval: 50 }

/** Has a third of the recordings done, enqueues the rest, and calls `work` when jobs of it are half-way. */
async function midway(dataset: string, featureSetId: string, work: () => Promise<void>): Promise<void> {
  const jobs = featureJobs(
    featureSetId,
    recordings.map(({ sha256 }) => sha256),
    10,
  )
  await bench.queues.enqueueFeatures(jobs.slice(0, 10))
  await expect.poll(async () => (await progressOf(bench, dataset, featureSetId)).vectors, waiting).toBe(100)
  await whileWorkersWait(bench, async () => {
    await bench.queues.enqueueFeatures(jobs.slice(10))
    await expect.poll(featureCounts, waiting).toMatchObject({ active: 2, waiting: 18 })
    await work()
  })
}

const featureCounts = async () => (await bench.queues.counts()).find(({ name }) => name === 'features')

async function expectEveryVector(dataset: string, featureSet: { id: string; rowId: number }): Promise<void> {
  await expect
    .poll(() => progressOf(bench, dataset, featureSet.id), waiting)
    .toEqual({ clips: recordings.length, vectors: recordings.length, failed: 0 })
  const vectors = await vectorsOf(bench, dataset, featureSet.rowId)
  expect(vectors.size).toBe(recordings.length)
  for (const recording of recordings.slice(0, 10)) expect(vectors.get(recording.sha256)).toEqual(vectorOf(recording))
}

test.each(['bundle', 'source'] as const)(
  'from its %s: every vector, exactly; what is no audio is recorded',
  async (from) => {
    const good = recordings.slice(0, 40)
    const bad = recordingOf(Buffer.from('this is a text and no recording'))
    const featureSet = await addRecordings(bench, 'mixed', [...good, bad])
    await bench.queues.enqueueFeatures(
      featureJobs(
        featureSet.id,
        [...good, bad].map(({ sha256 }) => sha256),
      ),
    )
    const worker = await startWorker(from)
    await expect
      .poll(() => progressOf(bench, 'mixed', featureSet.id), waiting)
      .toEqual({ clips: 41, vectors: 40, failed: 1 })
    const vectors = await vectorsOf(bench, 'mixed', featureSet.rowId)
    for (const recording of good) expect(vectors.get(recording.sha256)).toEqual(vectorOf(recording))
    const { rows } = await bench.db.query("select encode(sha256, 'hex') as sha256, code from feature_failures")
    expect(rows).toEqual([{ sha256: bad.sha256, code: 'not_audio' }])

    const url = /"health":"([^"]+)"/.exec(worker.output())?.[1]
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/ser_clips_total\{stage="features",outcome="vectors",app="feature-worker"\} 40/)
    expect(await worker.stop()).toBe(0)
  },
)

test('a worker killed in the middle of its jobs: another takes them over, and each vector is there once', async () => {
  const featureSet = await addRecordings(bench, 'killed', recordings)
  const victim = await startWorker()
  await midway('killed', featureSet.id, () => victim.kill())
  expect(await featureCounts()).toMatchObject({ active: 2 })
  const heir = await startWorker()
  await expectEveryVector('killed', featureSet)
  await expect.poll(featureCounts, waiting).toMatchObject({ active: 0, waiting: 0, failed: 0 })
  expect(heir.output()).toMatch(/took over a job whose worker has vanished/)
})

test('Redis emptied in the middle of a run: reconcile finds the rest, and each vector is there once', async () => {
  const featureSet = await addRecordings(bench, 'emptied', recordings)
  const scope = { dataset: 'emptied', featureSetId: featureSet.id }
  const worker = await startWorker()
  await midway('emptied', featureSet.id, () => bench.emptyRedis())
  // The two jobs that were at work when Redis was emptied still store what they have.
  const report = await reconcile({ ...bench, pageSize: 64 }, scope)
  expect(report.clipsOwing).toBeGreaterThanOrEqual(180)
  expect(report.featureJobs).toBeGreaterThan(0)
  await expectEveryVector('emptied', featureSet)
  await expect.poll(featureCounts, waiting).toMatchObject({ active: 0, waiting: 0, failed: 0 })
  expect(await reconcile(bench, scope)).toMatchObject({ featureJobs: 0, clipsOwing: 0 })
  expect(await worker.stop()).toBe(0)
})

test('connections to Postgres that are cut in the middle of a run cost retries and nothing else', async () => {
  const featureSet = await addRecordings(bench, 'cut', recordings)
  const worker = await startWorker()
  await midway('cut', featureSet.id, async () => {
    for (let cut = 0; cut < 3; cut += 1) await expect.poll(cutConnections, waiting).toBeGreaterThan(0)
  })
  await expectEveryVector('cut', featureSet)
  expect(worker.output()).toMatch(/DATABASE_UNAVAILABLE/)
})

/** Ends the worker's connections that wait for something; returns how many. */
async function cutConnections(): Promise<number> {
  const { rowCount } = await bench.db.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'ser-feature-worker' and datname = current_database() and state = 'active'`,
  )
  return rowCount
}
