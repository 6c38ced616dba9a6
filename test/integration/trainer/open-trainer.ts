import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { EMOTIONS, runSpecSchema, type Run, type RunSpecInput } from '@ser/contracts'
import {
  createDatabase,
  createRun,
  ensureDataset,
  ensureFeatureSet,
  getRun,
  registerDatasetClips,
  upsertClips,
  upsertVectors,
  type Database,
} from '@ser/database'
import { EXTRACTOR_VERSION } from '@ser/features'
import { createObjectStorage } from '@ser/object-storage'
import { createQueues } from '@ser/queue'
import {
  appEnvironment,
  createTestBucket,
  createTestDatabase,
  deleteQueueKeys,
  startApp,
  testQueuePrefix,
  testServices,
  type StartedApp,
} from '../../support/index.ts'

const FEATURES = { nMels: 8, nMfcc: 2 }
const VECTOR_LENGTH = 12

/** A spec of a small network on small vectors; a run takes a second. */
export function smallSpec(changes: Partial<RunSpecInput> = {}): RunSpecInput {
  const network = { lstmUnits: [16, 16], denseUnits: 8, batchSize: 64, learningRate: 0.01, epochs: 4 }
  return { model: 'small', datasets: ['synthetic'], featureSet: FEATURES, ...network, ...changes }
}

/** A database, a queue prefix and a bucket of their own, and trainers that work on them. */
export async function openTrainer() {
  const services = await testServices()
  const [database, bucket] = await Promise.all([createTestDatabase(), createTestBucket()])
  const prefix = testQueuePrefix()
  const db = createDatabase({ url: database.url, maxConnections: 3 })
  const storage = createObjectStorage({ ...services.s3, bucket: bucket.bucket })
  const queues = createQueues({ redisUrl: services.redisUrl, prefix, retryDelayMs: 50 })
  const env = {
    ...appEnvironment(services, { databaseUrl: database.url, bucket: bucket.bucket, prefix }),
    SER_CODE_VERSION: 'code-under-test',
    SER_LOCK_MS: '1500',
  }
  const started: StartedApp[] = []
  return {
    db,
    storage,
    queues,
    /** One more trainer, which takes jobs when this resolves. */
    async start(more: Record<string, string> = {}): Promise<StartedApp> {
      const trainer = startApp('trainer', { ...env, ...more })
      started.push(trainer)
      await trainer.sees(/trainer takes jobs/)
      return trainer
    },
    async enqueue(spec: RunSpecInput): Promise<string> {
      const id = randomUUID()
      await createRun(db, { id, spec: runSpecSchema.parse(spec) })
      await queues.enqueueTrain({ runId: id })
      return id
    },
    ended: (id: string) => untilRun(db, id, ({ status }) => status !== 'queued' && status !== 'running'),
    reached: (id: string, epoch: number) => untilRun(db, id, ({ epochs }) => epochs.length >= epoch),
    /** Ends every trainer that still runs, so that none takes the next test's runs. */
    stopAll: async (): Promise<void> => {
      await Promise.all(started.splice(0).map((trainer) => trainer.kill()))
    },
    async close(): Promise<void> {
      await Promise.all(started.map((trainer) => trainer.kill()))
      await queues.close()
      storage.close()
      await db.close()
      await deleteQueueKeys(prefix)
      await Promise.all([database.drop(), bucket.drop()])
    },
  }
}

async function untilRun(db: Database, id: string, holds: (run: Run) => boolean): Promise<Run> {
  const deadline = Date.now() + 100_000
  for (;;) {
    const run = await getRun(db, id)
    if (holds(run)) return run
    if (Date.now() > deadline) throw new Error(`the run does not get there: ${JSON.stringify(run)}`)
    await setTimeout(50)
  }
}

export type DatasetOptions = {
  readonly clips: number
  readonly labels?: readonly string[]
  /** Without vectors, the clips owe them. */
  readonly withVectors?: boolean
}

/** A dataset whose vectors tell its labels: each label lifts one value of the vector above small noise. */
export async function addDataset(db: Database, name: string, options: DatasetOptions): Promise<() => Promise<void>> {
  const { clips, labels = EMOTIONS, withVectors = true } = options
  const rows = Array.from({ length: clips }, (_, index) => ({
    sha256: createHash('sha256').update(`${name} ${index}`).digest('hex'),
    path: `${index}.wav`,
    label: labels[index % labels.length],
    speaker: index % 2 === 0 ? 'OAF' : 'YAF',
    word: `word ${index}`,
    split: null,
  }))
  const recording = {
    objectKey: 'audio',
    bytes: 1,
    container: 'wav',
    encoding: 'pcm-s16le',
    sampleRate: 22_050,
    channels: 1,
    frames: 1,
  }
  await upsertClips(
    db,
    rows.map(({ sha256 }) => ({ sha256, ...recording })),
  )
  await registerDatasetClips(db, await ensureDataset(db, name), rows)
  const { featureSet: spec } = runSpecSchema.parse(smallSpec())
  const featureSet = await ensureFeatureSet(db, spec, EXTRACTOR_VERSION)
  const addVectors = async () => {
    const vectors = rows.map(({ sha256, label }) => ({ sha256, values: labelledVector(sha256, labels.indexOf(label)) }))
    await upsertVectors(db, featureSet.rowId, vectors)
  }
  if (withVectors) await addVectors()
  return addVectors
}

function labelledVector(sha256: string, label: number): Float32Array {
  const noise = Buffer.from(sha256, 'hex')
  return Float32Array.from({ length: VECTOR_LENGTH }, (_, index) => noise[index] / 512 + (index === label ? 1 : 0))
}

/** The processes that a process has started and that live. */
export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text
    .split(' ')
    .filter((child) => child !== '')
    .map(Number)
}

/** Resolves when a process is no longer there. */
export async function untilGone(pid: number): Promise<void> {
  const deadline = Date.now() + 20_000
  while (isAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} still lives`)
    await setTimeout(50)
  }
}

function isAlive(pid: number): boolean {
  try {
    // A process that has ended stays a zombie until its parent looks.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
