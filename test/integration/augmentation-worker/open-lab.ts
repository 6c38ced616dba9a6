import { createHash } from 'node:crypto'
import { probeAudio, encodeWav } from '@ser/audio'
import { augmentRequestSchema } from '@ser/contracts'
import { createDatabase, ensureDataset, getAugmentation, registerDatasetClips, upsertClips } from '@ser/database'
import { audioKey, createObjectStorage } from '@ser/object-storage'
import { createQueues } from '@ser/queue'
import type { z } from 'zod'
import { reconcile } from '../../../apps/admin-api/src/reconcile.ts'
import { requestAugmentation } from '../../../apps/admin-api/src/request-augmentation.ts'
import {
  appEnvironment,
  createTestBucket,
  createTestDatabase,
  deleteQueueKeys,
  startApp,
  testQueuePrefix,
  testServices,
  type AppName,
  type StartedApp,
} from '../../support/index.ts'

const SAMPLE_RATE = 24_414

/** Two tones, different for each number; 16 bits. */
export function synthesise(number: number, seconds = 0.25): Uint8Array {
  const samples = Float32Array.from(
    { length: Math.round(SAMPLE_RATE * seconds) },
    (_, index) => 0.3 * Math.sin(((120 + number) * index) / 3000) + 0.2 * Math.sin(index / (3 + number / 100)),
  )
  return encodeWav({ samples, sampleRate: SAMPLE_RATE })
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const LABELS = ['angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise']

/** A database, queues and a bucket of their own, and real workers on them. */
export async function openLab() {
  const services = await testServices()
  const [database, bucket] = await Promise.all([createTestDatabase(), createTestBucket()])
  const prefix = testQueuePrefix()
  const db = createDatabase({ url: database.url, applicationName: 'lab' })
  const storage = createObjectStorage({ ...services.s3, bucket: bucket.bucket })
  const queues = createQueues({ redisUrl: services.redisUrl, prefix, retryDelayMs: 100 })
  const env = {
    ...appEnvironment(services, { databaseUrl: database.url, bucket: bucket.bucket, prefix }),
    SER_CONCURRENCY: '2',
    SER_THREADS: '2',
    SER_LOCK_MS: '1000',
  }
  const started: StartedApp[] = []
  return {
    db,
    storage,
    queues,
    started,
    emptyRedis: () => deleteQueueKeys(prefix),
    async start(app: AppName): Promise<StartedApp> {
      const worker = startApp(app, env)
      started.push(worker)
      await worker.sees(/takes jobs/)
      return worker
    },
    /** As the API does it. */
    augment: (request: z.input<typeof augmentRequestSchema>) =>
      requestAugmentation({ db, queues }, augmentRequestSchema.parse(request)),
    reconcile: (dataset?: string) => reconcile({ db, queues }, { dataset }),
    countsOf: async (id: string) => {
      const { status, counts } = await getAugmentation(db, id)
      return { status, ...counts }
    },
    jobsOf: async (name: string) => (await queues.counts()).find((queue) => queue.name === name),
    async close() {
      await Promise.all(started.map((app) => app.kill()))
      await queues.close()
      storage.close()
      await db.close()
      await Promise.all([database.drop(), bucket.drop(), deleteQueueKeys(prefix)])
    },
  }
}

export type Lab = Awaited<ReturnType<typeof openLab>>

/** Takes recordings in, as ingestion does; bytes that are no audio are taken for a broken recording. Gives their SHA-256s. */
export async function addRecordings(lab: Lab, dataset: string, recordings: readonly Uint8Array[]): Promise<string[]> {
  const shas = recordings.map(hashOf)
  await Promise.all(recordings.map((bytes, index) => lab.storage.putIfAbsent(audioKey(shas[index]), bytes)))
  await upsertClips(
    lab.db,
    recordings.map((bytes, index) => ({
      sha256: shas[index],
      objectKey: audioKey(shas[index]),
      bytes: bytes.length,
      ...describe(bytes),
    })),
  )
  const rows = shas.map((sha256, index) => ({
    path: `${dataset}/${index}.wav`,
    sha256,
    label: LABELS[index % LABELS.length],
    speaker: index % 2 === 0 ? 'OAF' : 'YAF',
    word: `word ${index}`,
    split: index % 3 === 0 ? 'test' : 'train',
  }))
  await registerDatasetClips(lab.db, await ensureDataset(lab.db, dataset), rows)
  return shas
}

function describe(bytes: Uint8Array) {
  const broken = { container: 'wav', encoding: 'pcm_s16', sampleRate: SAMPLE_RATE, channels: 1, frames: 1 }
  return bytes[0] === 0x52 ? probeAudio(bytes) : broken
}

/** Every row that says what there is: paths with what is said of them, variants, clips, vectors, and objects of the bucket. */
export async function contentOf({ db, storage }: Lab) {
  const { rows } = await db.query<{ paths: number; variants: number; clips: number; vectors: number; digest: string }>(
    `select (select count(*) from dataset_clips) as paths, (select count(*) from clip_variants) as variants,
       (select count(*) from clips) as clips, (select count(*) from feature_vectors) as vectors,
       (select md5(string_agg(concat_ws('|', dataset_id, path, encode(sha256, 'hex'), label), ',' order by dataset_id, path))
          from dataset_clips) as digest`,
  )
  let objects = 0
  for await (const { key } of storage.list('audio/')) objects += key === '' ? 0 : 1
  return { ...rows[0], objects }
}
