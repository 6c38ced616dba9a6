import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ingestRequestSchema, type IngestRequest } from '@ser/contracts'
import { createDatabase, createIngestion, getIngestion } from '@ser/database'
import { createObjectStorage, type ObjectStorage } from '@ser/object-storage'
import { createQueues, type Queues } from '@ser/queue'
import type { z } from 'zod'
import { ingestDataset } from '../../../apps/ingest/src/ingest-dataset.ts'
import type { IngestSettings } from '../../../apps/ingest/src/take-in-source.ts'
import {
  createTestBucket,
  createTestDatabase,
  deleteQueueKeys,
  testQueuePrefix,
  testServices,
} from '../../support/index.ts'

type RunOptions = {
  readonly storage?: ObjectStorage
  readonly queues?: Queues
  readonly lastAttempt?: boolean
  readonly signal?: AbortSignal
}

export type IngestLab = Awaited<ReturnType<typeof openIngest>>

/** The ingest handler on a database, queue prefix, bucket and folder of its own. */
export async function openIngest() {
  const services = await testServices()
  const [database, bucket, folder] = await Promise.all([
    createTestDatabase(),
    createTestBucket(),
    mkdtemp(join(tmpdir(), 'ser-ingest-')),
  ])
  const prefix = testQueuePrefix()
  const db = createDatabase({ url: database.url })
  const storage = createObjectStorage({ ...services.s3, bucket: bucket.bucket })
  const queues = createQueues({ redisUrl: services.redisUrl, prefix })
  const logged: { fields: object; message: string }[] = []
  const log = (fields: object, message: string) => void logged.push({ fields, message })

  const request = async (input: z.input<typeof ingestRequestSchema>): Promise<string> => {
    const id = randomUUID()
    const parsed: IngestRequest = ingestRequestSchema.parse(input)
    await createIngestion(db, { id, request: parsed })
    return id
  }
  const run = async (id: string, settings: Partial<IngestSettings> = {}, more: RunOptions = {}) => {
    const deps = {
      db,
      storage: more.storage ?? storage,
      queues: more.queues ?? queues,
      logger: { info: log, warn: log },
      settings: {
        roots: [folder],
        uploads: 8,
        maxFileBytes: 2 ** 20,
        maxManifestBytes: 2 ** 20,
        batchFiles: 16,
        batchBytes: 2 ** 22,
        ...settings,
      },
    }
    const context = { lastAttempt: more.lastAttempt ?? false, signal: more.signal ?? new AbortController().signal }
    return await ingestDataset({ ingestionId: id }, context, deps)
  }
  return {
    db,
    storage,
    queues,
    folder,
    bucket: bucket.bucket,
    prefix,
    databaseUrl: database.url,
    services,
    logged,
    request,
    run,
    /** Ingests and gives the row as it then is. */
    ingest: async (input: z.input<typeof ingestRequestSchema>, settings: Partial<IngestSettings> = {}) => {
      const id = await request(input)
      await run(id, settings)
      return getIngestion(db, id)
    },
    /** Everything that an ingestion may change, counted and hashed. */
    state: () => readState({ db, storage, queues }),
    /** As it was when it was opened, for the next test. */
    empty: async () => {
      logged.length = 0
      const files = (await readdir(folder)).map((name) => rm(join(folder, name), { recursive: true }))
      await Promise.all([database.empty(), bucket.empty(), deleteQueueKeys(prefix), ...files])
    },
    close: async () => {
      await Promise.all([queues.close(), db.close()])
      storage.close()
      await deleteQueueKeys(prefix)
      await Promise.all([database.drop(), bucket.drop(), rm(folder, { recursive: true })])
    },
  }
}

type StateDeps = {
  db: ReturnType<typeof createDatabase>
  storage: ReturnType<typeof createObjectStorage>
  queues: ReturnType<typeof createQueues>
}

async function readState({ db, storage, queues }: StateDeps) {
  const { rows } = await db.query<{ clips: number; paths: number; rejected: number; content: string }>(
    `select (select count(*) from clips) as clips, (select count(*) from dataset_clips) as paths,
       (select count(*) from rejected_files) as rejected,
       (select md5(string_agg(concat_ws('|', dataset_id, path, encode(sha256, 'hex'), label, speaker, word, split, created_at), ';'
          order by dataset_id, path)) from dataset_clips) as content`,
  )
  const objects: string[] = []
  for await (const { key } of storage.list('audio/')) objects.push(key)
  const counts = await queues.counts()
  return { ...rows[0], objects: objects.length, featureJobs: counts.find(({ name }) => name === 'features')!.waiting }
}
