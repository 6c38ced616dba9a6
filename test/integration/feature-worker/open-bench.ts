import { createHash } from 'node:crypto'
import { encodeWav, loadWaveform } from '@ser/audio'
import { featureSpecSchema } from '@ser/contracts'
import {
  createDatabase,
  ensureDataset,
  ensureFeatureSet,
  getFeatureProgress,
  readVectors,
  registerDatasetClips,
  upsertClips,
} from '@ser/database'
import { EXTRACTOR_VERSION, extractFeatures } from '@ser/features'
import { audioKey, createObjectStorage } from '@ser/object-storage'
import { createQueues } from '@ser/queue'
import {
  appEnvironment,
  createTestDatabase,
  deleteQueueKeys,
  testQueuePrefix,
  testServices,
} from '../../support/index.ts'

export type Recording = { readonly sha256: string; readonly bytes: Uint8Array }

const SAMPLE_RATE = 24_414
const spec = featureSpecSchema.parse({})

/** A third of a second of two tones, different for each number. */
export function synthesise(number: number): Recording {
  const samples = Float32Array.from(
    { length: SAMPLE_RATE / 3 },
    (_, index) => 0.3 * Math.sin(((120 + number) * index) / 3000) + 0.2 * Math.sin(index / (3 + number / 100)),
  )
  return recordingOf(encodeWav({ samples, sampleRate: SAMPLE_RATE }))
}

export function recordingOf(bytes: Uint8Array): Recording {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes }
}

/** What librosa's definitions make of a recording, computed here. */
export function vectorOf({ bytes }: Recording): Float32Array {
  return extractFeatures(loadWaveform(bytes, { sampleRate: spec.sampleRate }).samples, spec)
}

/**
 * A database and queues of their own, and the environment of a worker that works on them.
 * @param bucket The tests of a file may share one: objects are named by their content.
 */
export async function openBench({ bucket }: { readonly bucket: string }) {
  const services = await testServices()
  const database = await createTestDatabase()
  const prefix = testQueuePrefix()
  const db = createDatabase({ url: database.url, applicationName: 'bench' })
  const storage = createObjectStorage({ ...services.s3, bucket })
  const queues = createQueues({ redisUrl: services.redisUrl, prefix, retryDelayMs: 100 })
  const env = {
    ...appEnvironment(services, { databaseUrl: database.url, bucket, prefix }),
    SER_CONCURRENCY: '2',
    SER_THREADS: '2',
    SER_LOCK_MS: '1000',
  }
  return {
    db,
    storage,
    queues,
    env,
    emptyRedis: () => deleteQueueKeys(prefix),
    async close() {
      await queues.close()
      storage.close()
      await db.close()
      await Promise.all([database.drop(), deleteQueueKeys(prefix)])
    },
  }
}

export type Bench = Awaited<ReturnType<typeof openBench>>

/** Stores recordings as a dataset that owes vectors of the default feature set: objects first, then rows. */
export async function addRecordings({ db, storage }: Bench, dataset: string, recordings: readonly Recording[]) {
  await Promise.all(recordings.map(({ sha256, bytes }) => storage.putIfAbsent(audioKey(sha256), bytes)))
  await upsertClips(
    db,
    recordings.map(({ sha256, bytes }) => ({
      sha256,
      objectKey: audioKey(sha256),
      bytes: bytes.length,
      container: 'wav',
      encoding: 'pcm_s16',
      sampleRate: SAMPLE_RATE,
      channels: 1,
      frames: SAMPLE_RATE / 3,
    })),
  )
  const datasetId = await ensureDataset(db, dataset)
  const rows = recordings.map(({ sha256 }, index) => ({
    path: `${dataset}/${index}.wav`,
    sha256,
    label: 'angry',
    speaker: 'OAF',
    word: 'back',
    split: null,
  }))
  await registerDatasetClips(db, datasetId, rows)
  return ensureFeatureSet(db, spec, EXTRACTOR_VERSION)
}

/** How far a dataset is. */
export async function progressOf({ db }: Bench, dataset: string, featureSetId: string) {
  const { clips, vectors, failed } = await getFeatureProgress(db, dataset, featureSetId)
  return { clips, vectors, failed }
}

/** The vectors of a dataset by SHA-256. */
export async function vectorsOf(
  { db }: Bench,
  dataset: string,
  featureSet: number,
): Promise<Map<string, Float32Array>> {
  const { clips, at } = await readVectors(db, { datasets: [dataset], featureSet, length: 170 })
  return new Map(clips.map(({ sha256 }, row) => [sha256, at(row)]))
}

/** Lets every worker wait in the middle of its job, before it has read what is owed, for as long as `work` takes. */
export function whileWorkersWait({ db }: Bench, work: () => Promise<void>): Promise<void> {
  return db.transaction(async (transaction) => {
    await transaction.query('lock table feature_vectors in access exclusive mode')
    await work()
  })
}
