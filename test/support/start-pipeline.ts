import { randomBytes } from 'node:crypto'
import { type Database, createDatabase } from '@ser/database'
import { appEnvironment } from './app-environment.ts'
import { createApiClient } from './create-api-client.ts'
import { testServices } from './services.ts'
import { type AppName, startApp } from './start-app.ts'
import { createTestBucket } from './test-bucket.ts'
import { createTestDatabase } from './test-database.ts'
import { deleteQueueKeys, testQueuePrefix } from './test-queue.ts'

/**
 * The whole pipeline as real processes on a database, queue prefix and bucket of its own, and a client of its API.
 * `start` may be called several times for the same app: each call is one more process.
 */
export async function startPipeline(options: { ingestRoots: readonly string[] }) {
  const services = await testServices()
  const [database, bucket] = await Promise.all([createTestDatabase(), createTestBucket()])
  const prefix = testQueuePrefix()
  const token = randomBytes(24).toString('hex')
  const env = {
    ...appEnvironment(services, { databaseUrl: database.url, bucket: bucket.bucket, prefix }),
    SER_API_TOKEN: token,
    SER_API_HOST: '127.0.0.1',
    SER_API_PORT: '0',
    SER_INGEST_ROOTS: options.ingestRoots.join(':'),
    LOG_LEVEL: 'info',
  }
  const started: ReturnType<typeof startApp>[] = []
  const start = (app: AppName, more: Record<string, string> = {}) => {
    const process = startApp(app, { ...env, ...more })
    started.push(process)
    return process
  }
  const db: Database = createDatabase({ url: database.url, maxConnections: 2 })
  const close = async () => {
    await Promise.all(started.toReversed().map((process) => process.stop()))
    await db.close()
    await deleteQueueKeys(prefix)
    await Promise.all([database.drop(), bucket.drop()])
  }
  try {
    const line = await start('admin-api').sees(/listening at https?:\/\/127\.0\.0\.1:\d+/)
    const [url] = /https?:\/\/127\.0\.0\.1:\d+/.exec(line) ?? ['']
    return {
      db,
      bucket: bucket.bucket,
      start,
      client: createApiClient(url, token),
      /** What a lost Redis looks like to the pipeline: every key of its own is gone. */
      emptyRedis: () => deleteQueueKeys(prefix),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
