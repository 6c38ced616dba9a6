import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import {
  findServices,
  loggingVariables,
  objectStorageVariables,
  postgresVariables,
  queueVariables,
  readEnvironment,
  redisVariables,
  workerVariables,
} from '@ser/config'

/** Everything that decides how this process runs. The only reader of the environment. */
export function readConfig() {
  const services = findServices(process.cwd(), (path) => readFileSync(path, 'utf8'))
  const variables = {
    ...postgresVariables,
    ...redisVariables,
    ...queueVariables,
    ...objectStorageVariables,
    ...loggingVariables,
    ...workerVariables,
  }
  const read = readEnvironment(variables, process.env, services)
  const cores = availableParallelism()
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
    /** Jobs at once: while one waits for storage or the database, another computes. */
    concurrency: read.SER_CONCURRENCY ?? cores,
    threads: read.SER_THREADS ?? cores,
    lockMs: read.SER_LOCK_MS,
    health: { host: read.SER_HEALTH_HOST, port: read.SER_HEALTH_PORT },
  }
}
