import type { z } from 'zod'
import type { serviceVariables, workerVariables } from './variables.ts'

type ServiceVariables = z.output<z.ZodObject<typeof serviceVariables>>
type WorkerVariables = ServiceVariables & z.output<z.ZodObject<typeof workerVariables>>

/** The variables of the services as the libraries take them. */
export function serviceSettings(read: ServiceVariables) {
  return {
    databaseUrl: read.DATABASE_URL,
    queue: { redisUrl: read.REDIS_URL, prefix: read.SER_QUEUE_PREFIX },
    storage: {
      endpoint: read.S3_ENDPOINT,
      accessKey: read.S3_ACCESS_KEY,
      secretKey: read.S3_SECRET_KEY,
      bucket: read.S3_BUCKET,
      region: read.S3_REGION,
    },
    logLevel: read.LOG_LEVEL,
  }
}

/** The same with those of a worker; how much it does at once is the app's to say. */
export function workerSettings(read: WorkerVariables) {
  return {
    ...serviceSettings(read),
    lockMs: read.SER_LOCK_MS,
    health: { host: read.SER_HEALTH_HOST, port: read.SER_HEALTH_PORT },
  }
}
