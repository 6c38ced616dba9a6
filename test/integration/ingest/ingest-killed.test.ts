import { getIngestion } from '@ser/database'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startApp, type StartedApp } from '../../support/index.ts'
import { holdUploads } from './hold-uploads.ts'
import { makeRecordings, writeFiles } from './make-corpus.ts'
import { openIngest, type IngestLab } from './open-ingest.ts'

const LET_THROUGH = 37
let lab: IngestLab
let proxy: Awaited<ReturnType<typeof holdUploads>>
const apps: StartedApp[] = []

beforeEach(async () => {
  lab = await openIngest()
  proxy = await holdUploads(lab.services.s3.endpoint, LET_THROUGH)
})
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.kill()))
  await proxy.close()
  await lab.close()
})

function start(): StartedApp {
  const app = startApp('ingest', {
    DATABASE_URL: lab.databaseUrl,
    REDIS_URL: lab.services.redisUrl,
    S3_ENDPOINT: proxy.endpoint,
    S3_ACCESS_KEY: lab.services.s3.accessKey,
    S3_SECRET_KEY: lab.services.s3.secretKey,
    S3_REGION: lab.services.s3.region,
    S3_BUCKET: lab.bucket,
    SER_QUEUE_PREFIX: lab.prefix,
    SER_INGEST_ROOTS: lab.folder,
    SER_INGEST_BATCH_FILES: '10',
    SER_INGEST_UPLOADS: '4',
    SER_LOCK_MS: '2000',
  })
  apps.push(app)
  return app
}

test('goes on where a killed process ended, with nothing doubled', async () => {
  const recordings = await makeRecordings(5)
  await writeFiles(lab.folder, recordings)
  const id = await lab.request({ dataset: 'small', source: { kind: 'folder', path: lab.folder } })
  await lab.queues.enqueueIngest({ ingestionId: id })

  const victim = start()
  await proxy.holding
  await victim.kill()
  const cut = await lab.state()
  // Three batches were complete, the fourth had seven objects and no row.
  expect(cut).toMatchObject({ clips: 30, paths: 30, featureJobs: 3 })
  expect(await getIngestion(lab.db, id)).toMatchObject({ status: 'running' })

  proxy.release()
  const successor = start()
  await successor.sees(/ingestion completed/)
  expect(await getIngestion(lab.db, id)).toMatchObject({
    status: 'completed',
    counts: { found: 70, total: 70, stored: 70, unchanged: 0, rejected: 0 },
  })
  expect(await lab.state()).toMatchObject({ clips: 70, paths: 70, objects: 70, rejected: 0, featureJobs: 7 })
  expect(await successor.stop()).toBe(0)

  // Each object was put once, but for those of the batch that had no rows yet.
  const again = proxy.puts.length - LET_THROUGH
  expect(again).toBe(40)
  expect(new Set(proxy.puts).size).toBe(70)
})
