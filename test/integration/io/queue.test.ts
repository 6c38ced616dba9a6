import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { SerError, type StageName } from '@ser/contracts'
import {
  createQueues,
  createStageWorker,
  featureJobs,
  type JobReport,
  type Queues,
  type StageHandler,
  type StageWorker,
} from '@ser/queue'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deleteQueueKeys, testQueuePrefix, testServices } from '../../support/index.ts'

let redisUrl: string
let prefix: string
let queues: Queues
let workers: StageWorker[]

beforeEach(async () => {
  redisUrl = (await testServices()).redisUrl
  prefix = testQueuePrefix()
  queues = createQueues({ redisUrl, prefix, retryDelayMs: 20 })
  workers = []
})

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close()))
  await queues.close()
  await deleteQueueKeys(prefix)
})

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** A worker and the reports of what it did: `until(n)` resolves with the first n. */
function work<Stage extends StageName>(stage: Stage, handler: StageHandler<Stage>, options: { lockMs?: number } = {}) {
  const reports: JobReport[] = []
  const watchers = new Set<() => void>()
  const worker = createStageWorker({
    redisUrl,
    prefix,
    stage,
    handler,
    logger: silent,
    stalledCheckMs: 200,
    ...options,
    onFinished: (report) => {
      reports.push(report)
      for (const watch of watchers) watch()
    },
  })
  workers.push(worker)
  const until = (count: number) =>
    new Promise<JobReport[]>((resolve) => {
      const watch = () => {
        if (reports.length >= count) resolve(reports.slice(0, count))
      }
      watchers.add(watch)
      watch()
    })
  return { worker, until, reports }
}

/** Something to wait for until somebody opens it. */
function openGate() {
  const gate = new EventEmitter()
  return { passed: once(gate, 'open'), open: () => gate.emit('open') }
}

const count = async (stage: StageName) => (await queues.counts()).find(({ name }) => name === stage)
const clips = (n: number) => Array.from({ length: n }, (_, index) => index.toString(16).padStart(64, '0'))
const done = async () => undefined

test('a job that is on its way is not added again', async () => {
  const jobs = featureJobs('f'.repeat(64), clips(600))
  expect(await queues.enqueueFeatures(jobs)).toEqual({ added: 3, retried: 0, present: 0 })
  expect(await queues.enqueueFeatures([...jobs, jobs[0]])).toEqual({ added: 0, retried: 0, present: 4 })
  expect(await count('features')).toMatchObject({ waiting: 3 })
})

test('a job that has completed and was kept is added again', async () => {
  const job = { runId: randomUUID() }
  await queues.enqueueTrain(job)
  const { until } = work('train', done)
  await until(1)
  await expect.poll(() => count('train')).toMatchObject({ completed: 1, active: 0 })
  expect(await queues.enqueueTrain(job)).toEqual({ added: 1, retried: 0, present: 0 })
  await until(2)
})

test('a job that has failed and was kept is tried anew, with all its attempts', async () => {
  const job = { runId: randomUUID() }
  await queues.enqueueTrain(job)
  const { until } = work('train', () => Promise.reject(new Error('the database is away')))
  expect((await until(3)).map(({ outcome }) => outcome)).toEqual(['retried', 'retried', 'failed'])
  await expect.poll(() => count('train')).toMatchObject({ failed: 1 })
  expect(await queues.enqueueTrain(job)).toEqual({ added: 0, retried: 1, present: 0 })
  const again = (await until(6)).slice(3)
  expect(again.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
    ['retried', 1],
    ['retried', 2],
    ['failed', 3],
  ])
  await expect.poll(() => count('train')).toMatchObject({ failed: 1 })
  expect(await queues.retryFailed('train')).toBe(1)
  expect((await until(7))[6]).toMatchObject({ attempt: 1 })
})

test('bad input fails once, and what is gone completes', async () => {
  const ids = { bad: randomUUID(), gone: randomUUID() }
  const { until } = work('ingest', async ({ ingestionId }) => {
    const kind = ingestionId === ids.bad ? 'bad-input' : 'gone'
    throw new SerError('NAMED', 'a reason', { kind })
  })
  await queues.enqueueIngest({ ingestionId: ids.bad })
  await queues.enqueueIngest({ ingestionId: ids.gone })
  expect((await until(2)).map(({ outcome }) => outcome).toSorted()).toEqual(['failed', 'gone'])
  await expect.poll(() => count('ingest')).toMatchObject({ failed: 1, completed: 1, waiting: 0, delayed: 0 })
})

test('a paused queue keeps its jobs until it is resumed', async () => {
  await queues.pause('train')
  await queues.enqueueTrain({ runId: randomUUID() })
  const { worker, until, reports } = work('train', done)
  await worker.ready()
  expect(await count('train')).toMatchObject({ paused: true, waiting: 1, active: 0 })
  expect(reports).toEqual([])
  await queues.resume('train')
  await until(1)
  expect(await count('train')).toMatchObject({ paused: false })
})

test('a worker that closes finishes what it has and takes no more', async () => {
  const started = openGate()
  const finish = openGate()
  const { worker, reports } = work('train', async () => {
    started.open()
    await finish.passed
  })
  await queues.enqueueTrain({ runId: randomUUID() })
  await queues.enqueueTrain({ runId: randomUUID() })
  await started.passed
  const closed = worker.close()
  finish.open()
  expect(await closed).toBe(true)
  expect(reports.map(({ outcome }) => outcome)).toEqual(['completed'])
  expect(await count('train')).toMatchObject({ waiting: 1, active: 0, completed: 1 })
})

test('Redis emptied in the middle of a job does not wedge its worker', async () => {
  const started = openGate()
  const finish = openGate()
  const { until } = work('train', async () => {
    started.open()
    await finish.passed
  })
  const job = { runId: randomUUID() }
  await queues.enqueueTrain(job)
  await started.passed
  await deleteQueueKeys(prefix)
  finish.open()
  await until(1)
  // What was lost can be enqueued again, and the same worker takes it.
  expect(await queues.enqueueTrain(job)).toEqual({ added: 1, retried: 0, present: 0 })
  expect((await until(2))[1]).toMatchObject({ outcome: 'completed' })
})

test('a worker whose connections are cut goes on', async () => {
  const { worker, until } = work('train', done)
  await worker.ready()
  const redis = new Redis(redisUrl)
  const list = String(await redis.client('LIST'))
  const ids = list
    .split('\n')
    .filter((line) => line.includes('name=ser-train-worker'))
    .map((line) => Number(/\bid=(\d+)/.exec(line)?.[1]))
  expect(ids.length).toBeGreaterThan(0)
  for (const id of ids) await redis.client('KILL', 'ID', id)
  redis.disconnect()
  await queues.enqueueTrain({ runId: randomUUID() })
  expect(await until(1)).toMatchObject([{ outcome: 'completed' }])
})

test('without Redis, enqueueing says so in a few seconds instead of waiting', async () => {
  const nowhere = createQueues({ redisUrl: 'redis://127.0.0.1:1', prefix })
  const refused = expect(nowhere.enqueueTrain({ runId: randomUUID() })).rejects
  await Promise.race([
    refused.toMatchObject({ code: 'QUEUE_UNAVAILABLE', kind: 'transient' }),
    delay(10_000).then(() => Promise.reject(new Error('still waiting after 10 s'))),
  ])
  await nowhere.close()
})
