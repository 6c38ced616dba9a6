import { randomBytes } from 'node:crypto'
import { createDatabase } from '@ser/database'
import { createObjectStorage } from '@ser/object-storage'
import {
  appEnvironment,
  createTestBucket,
  createTestDatabase,
  deleteQueueKeys,
  startApp,
  testQueuePrefix,
  testServices,
} from '../../support/index.ts'

/** The admin API as a real process on a database, queue prefix and bucket of its own, and ways to look behind it. */
export async function startApi(more: Record<string, string> = {}) {
  const services = await testServices()
  const [database, bucket] = await Promise.all([createTestDatabase(), createTestBucket()])
  const prefix = testQueuePrefix()
  const token = randomBytes(24).toString('hex')
  const storageOptions = { ...services.s3, bucket: bucket.bucket }
  const app = startApp('admin-api', {
    ...appEnvironment(services, { databaseUrl: database.url, bucket: bucket.bucket, prefix }),
    SER_API_TOKEN: token,
    SER_API_HOST: '127.0.0.1',
    SER_API_PORT: '0',
    ...more,
  })
  const url = /https?:\/\/127\.0\.0\.1:\d+/.exec(await app.sees(/listening at https?:\/\//))![0]
  const db = createDatabase({ url: database.url, maxConnections: 2 })
  const storage = createObjectStorage(storageOptions)
  return {
    app,
    url,
    token,
    db,
    storage,
    /** A request with the token, unless `headers` say otherwise. */
    call: (path: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers)
      if (!headers.has('authorization')) headers.set('authorization', `Bearer ${token}`)
      return fetch(new URL(path, url), { ...init, headers })
    },
    close: async () => {
      await app.stop()
      await db.close()
      storage.close()
      await deleteQueueKeys(prefix)
      await Promise.all([database.drop(), bucket.drop()])
    },
  }
}

export type StartedApi = Awaited<ReturnType<typeof startApi>>

/** A JSON body as a POST request. */
export function posting(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
