import { z } from 'zod'

// One table a service. An app spreads those that it needs and hands them to `readEnvironment`.

const url = (...protocols: string[]) =>
  z
    .url({
      protocol: new RegExp(`^(${protocols.join('|')})$`),
      error: `must be a URL that starts with ${protocols.join(':// or ')}://`,
    })
    .transform((value) => value.replace(/\/+$/, ''))

/** A whole number written in decimal digits. */
export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,15}$/, error)
    .transform(Number)
    .pipe(z.number().min(min, error).max(max, error))
}

export const postgresVariables = { DATABASE_URL: url('postgres', 'postgresql') }

const redisVariables = { REDIS_URL: url('redis', 'rediss') }

/** The prefix of every BullMQ key; BullMQ separates its parts by `:`. */
const queueVariables = {
  SER_QUEUE_PREFIX: z
    .string()
    .regex(/^[\w.{}-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes, underscores or braces')
    .default('ser'),
}

const objectStorageVariables = {
  S3_ENDPOINT: url('http', 'https'),
  S3_ACCESS_KEY: z.string().min(1, 'must not be empty'),
  S3_SECRET_KEY: z.string().min(1, 'must not be empty'),
  S3_BUCKET: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'must be a bucket name: 3 to 63 lower case letters, digits, dots, dashes',
    )
    .default('ser'),
  S3_REGION: z.string().min(1, 'must not be empty').default('us-east-1'),
}

export const apiVariables = {
  SER_API_URL: url('http', 'https').default('http://127.0.0.1:8080'),
  SER_API_TOKEN: z.string().min(16, 'must have at least 16 characters'),
}

/** Folders below which an ingest job may read, separated by `:`; none by default. */
export const ingestVariables = {
  SER_INGEST_ROOTS: z
    .string()
    .default('')
    .transform((value) => value.split(':').filter((folder) => folder !== ''))
    .pipe(z.array(z.string().startsWith('/', 'must be absolute paths, separated by ":"'))),
}

/** Whether a path, without `..`, is a folder or lies in it. */
export function liesBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

export const loggingVariables = {
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
}

/**
 * How much a worker does at once, and where it says how it is.
 * SER_CONCURRENCY: jobs at once; SER_THREADS: threads for computing; both are left to the app when absent.
 * SER_LOCK_MS: for so long a job stays with a worker that does not answer; then another takes it over.
 * SER_HEALTH_PORT: /health/live, /health/ready and /metrics; 0, the default, is any free port.
 */
export const workerVariables = {
  SER_CONCURRENCY: wholeNumber(1, 1024).optional(),
  SER_THREADS: wholeNumber(1, 1024).optional(),
  SER_LOCK_MS: wholeNumber(1000, 3_600_000).default(30_000),
  SER_HEALTH_PORT: wholeNumber(0, 65_535).default(0),
  SER_HEALTH_HOST: z.string().min(1, 'must not be empty').default('127.0.0.1'),
}

/** What every app needs: the three services, the queue's prefix and logging. `serviceSettings` arranges what was read. */
export const serviceVariables = {
  ...postgresVariables,
  ...redisVariables,
  ...queueVariables,
  ...objectStorageVariables,
  ...loggingVariables,
}
