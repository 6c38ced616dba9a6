import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createObjectStorage } from '@ser/object-storage'
import { createQueues, createStageWorker } from '@ser/queue'
import { getIngestion } from '@ser/database'
import type { Layout, Source } from '@ser/contracts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { makeRecordings, writeFiles } from './make-corpus.ts'
import { makeZip } from './make-zip.ts'
import { openIngest, type IngestLab } from './open-ingest.ts'

let lab: IngestLab
beforeAll(async () => {
  lab = await openIngest()
})
afterEach(() => lab.empty())
afterAll(() => lab.close())

const archive = async (name: string, bytes: Uint8Array): Promise<Source> => {
  await writeFile(join(lab.folder, name), bytes)
  return { kind: 'archive', path: join(lab.folder, name) }
}

const requests: [string, string, () => Promise<{ source: Source; layout?: Layout }>][] = [
  [
    'a folder that is not there',
    'SOURCE_MISSING',
    async () => ({ source: { kind: 'folder', path: join(lab.folder, 'x') } }),
  ],
  ['a folder outside the roots', 'SOURCE_OUTSIDE_ROOTS', async () => ({ source: { kind: 'folder', path: tmpdir() } })],
  [
    'a path that leaves the roots by ..',
    'SOURCE_OUTSIDE_ROOTS',
    async () => ({ source: { kind: 'folder', path: `${lab.folder}/../..` } }),
  ],
  ['an empty folder', 'SOURCE_EMPTY', async () => ({ source: { kind: 'folder', path: lab.folder } })],
  ['a folder as an archive', 'SOURCE_NOT_FILE', async () => ({ source: { kind: 'archive', path: lab.folder } })],
  [
    'an archive as a folder',
    'SOURCE_NOT_FOLDER',
    async () => {
      await archive('x.zip', makeZip([]))
      return { source: { kind: 'folder', path: join(lab.folder, 'x.zip') } }
    },
  ],
  [
    'an archive of another kind',
    'ARCHIVE_UNKNOWN',
    async () => ({ source: await archive('x.zip', Buffer.from('BZh9')) }),
  ],
  [
    'a zip that was cut off',
    'ARCHIVE_DAMAGED',
    async () => {
      const source = await archive('x.zip', makeZip(await makeRecordings(1)))
      await truncate(join(lab.folder, 'x.zip'), 100_000)
      return { source }
    },
  ],
  [
    'a gzip that holds no tar',
    'ARCHIVE_DAMAGED',
    async () => ({ source: await archive('x.tgz', Buffer.from('1f8b0800000000000003ffff', 'hex')) }),
  ],
  [
    'a bucket that is not there',
    'SOURCE_MISSING',
    async () => ({ source: { kind: 's3', bucket: 'ser-nobody', prefix: '' } }),
  ],
  [
    'a prefix without objects',
    'SOURCE_EMPTY',
    async () => ({ source: { kind: 's3', bucket: lab.bucket, prefix: 'no/' } }),
  ],
  [
    'a manifest that is not there',
    'MANIFEST_MISSING',
    async () => ({ source: { kind: 'folder', path: lab.folder }, layout: { kind: 'manifest', path: 'manifest.csv' } }),
  ],
  [
    'a manifest without its columns',
    'MANIFEST_INVALID',
    async () => {
      await writeFile(join(lab.folder, 'manifest.csv'), 'file,emotion\n')
      return { source: { kind: 'folder', path: lab.folder }, layout: { kind: 'manifest', path: 'manifest.csv' } }
    },
  ],
]

test.each(requests)('fails for %s with %s, once and with a reason', async (_, code, makeRequest) => {
  const id = await lab.request({ dataset: 'small', ...(await makeRequest()) })
  await expect(lab.run(id)).rejects.toMatchObject({ code, kind: 'bad-input' })
  const ingestion = await getIngestion(lab.db, id)
  expect(ingestion).toMatchObject({ status: 'failed', error: { code, message: /.{20}/ } })
  expect(ingestion.finishedAt).not.toBeNull()
})

test('a prefix of an allowed folder allows nothing', async () => {
  const sibling = `${lab.folder}-sibling`
  await mkdir(sibling)
  try {
    const id = await lab.request({ dataset: 'small', source: { kind: 'folder', path: sibling } })
    await expect(lab.run(id)).rejects.toMatchObject({ code: 'SOURCE_OUTSIDE_ROOTS' })
  } finally {
    await rm(sibling, { recursive: true })
  }
})

test('ends quietly when the ingestion is gone, and does nothing when it has completed', async () => {
  await expect(lab.run(randomUUID())).rejects.toMatchObject({ code: 'INGESTION_NOT_FOUND', kind: 'gone' })
  await writeFiles(lab.folder, await makeRecordings(1))
  const id = await lab.request({ dataset: 'small', source: { kind: 'folder', path: lab.folder } })
  await lab.run(id)
  const before = await getIngestion(lab.db, id)
  expect(await lab.run(id)).toEqual({ already: 'completed' })
  expect(await getIngestion(lab.db, id)).toEqual(before)
})

test('leaves an ingestion running when storage is lost, says so at the last attempt, and goes on when it is back', async () => {
  const recordings = await makeRecordings(1)
  await writeFiles(lab.folder, recordings)
  const id = await lab.request({ dataset: 'small', source: { kind: 'folder', path: lab.folder } })
  const lost = createObjectStorage({ ...lab.services.s3, endpoint: 'http://127.0.0.1:9', bucket: lab.bucket })
  const unavailable = { code: 'STORAGE_UNAVAILABLE', kind: 'transient' }
  await expect(lab.run(id, {}, { storage: lost })).rejects.toMatchObject(unavailable)
  expect(await getIngestion(lab.db, id)).toMatchObject({ status: 'running', error: null })
  await expect(lab.run(id, {}, { storage: lost, lastAttempt: true })).rejects.toMatchObject(unavailable)
  expect(await getIngestion(lab.db, id)).toMatchObject({ status: 'failed', error: { code: 'STORAGE_UNAVAILABLE' } })
  lost.close()
  expect(await lab.state()).toMatchObject({ clips: 0, paths: 0, featureJobs: 0 })
  await lab.run(id)
  expect(await getIngestion(lab.db, id)).toMatchObject({
    status: 'completed',
    error: null,
    counts: { stored: recordings.length },
  })
})

test('enqueues what is owed when the queue was lost after the rows were written', async () => {
  const recordings = await makeRecordings(1)
  await writeFiles(lab.folder, recordings)
  const id = await lab.request({ dataset: 'small', source: { kind: 'folder', path: lab.folder } })
  const lost = createQueues({ redisUrl: 'redis://127.0.0.1:9', prefix: lab.prefix })
  await expect(lab.run(id, {}, { queues: lost })).rejects.toMatchObject({
    code: 'QUEUE_UNAVAILABLE',
    kind: 'transient',
  })
  await lost.close()
  expect(await lab.state()).toMatchObject({ clips: recordings.length, featureJobs: 0 })
  await lab.run(id)
  expect(await lab.state()).toMatchObject({ clips: recordings.length, featureJobs: 1 })
  expect((await getIngestion(lab.db, id)).counts).toMatchObject({ stored: recordings.length, unchanged: 0 })
})

test('through the queue: bad input fails once, without a retry', async () => {
  const missing = await mkdtemp(join(tmpdir(), 'ser-missing-'))
  await rm(missing, { recursive: true })
  const id = await lab.request({ dataset: 'small', source: { kind: 'folder', path: missing } })
  const events = new EventEmitter()
  const finished = once(events, 'finished')
  const worker = createStageWorker({
    redisUrl: lab.services.redisUrl,
    prefix: lab.prefix,
    stage: 'ingest',
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    onFinished: (report) => events.emit('finished', report),
    handler: (job, context) => lab.run(job.ingestionId, {}, context),
  })
  await lab.queues.enqueueIngest({ ingestionId: id })
  expect(await finished).toMatchObject([{ outcome: 'failed', attempt: 1 }])
  await worker.close()
  expect(await getIngestion(lab.db, id)).toMatchObject({ status: 'failed', error: { code: 'SOURCE_MISSING' } })
})
