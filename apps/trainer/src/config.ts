import { readFileSync } from 'node:fs'
import {
  findServices,
  loggingVariables,
  objectStorageVariables,
  postgresVariables,
  queueVariables,
  readEnvironment,
  redisVariables,
  wholeNumber,
  workerVariables,
} from '@ser/config'
import { z } from 'zod'

/**
 * SER_BACKEND: `auto` takes libtensorflow where it loads, `cpu` plain JavaScript. SER_CODE_VERSION: what is stored with a run as
 * the code that made it, where there is no git to ask. SER_LOCK_MS: a killed trainer's run is taken over after so long.
 */
const trainerVariables = {
  SER_BACKEND: z.enum(['auto', 'cpu'], { error: 'must be auto or cpu' }).default('auto'),
  SER_CODE_VERSION: z.string().optional(),
  SER_LOCK_MS: wholeNumber(1000, 600_000).optional(),
}

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
    ...trainerVariables,
  }
  const read = readEnvironment(variables, process.env, services)
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
    /** Runs at once; TensorFlow spreads each over the cores. */
    concurrency: read.SER_CONCURRENCY ?? 1,
    backend: read.SER_BACKEND,
    /** Not the number of cores: the last digits of a run's numbers depend on it. */
    threads: read.SER_THREADS ?? 4,
    codeVersion: read.SER_CODE_VERSION,
    stalls: read.SER_LOCK_MS === undefined ? {} : { lockMs: read.SER_LOCK_MS, stalledCheckMs: read.SER_LOCK_MS },
    health: { host: read.SER_HEALTH_HOST, port: read.SER_HEALTH_PORT },
  }
}
