import { expect, test } from 'vitest'
import { ConfigError } from './errors.ts'
import { findServices } from './find-services.ts'
import { readEnvironment } from './read-environment.ts'
import { serviceSettings } from './service-settings.ts'
import { apiVariables, ingestVariables, serviceVariables, workerVariables } from './variables.ts'

const all = { ...serviceVariables, ...apiVariables, ...ingestVariables, ...workerVariables }

const services = {
  DATABASE_URL: 'postgres://ser@127.0.0.1:5432/ser',
  REDIS_URL: 'redis://127.0.0.1:6379',
  S3_ENDPOINT: 'http://127.0.0.1:9000/',
  S3_ACCESS_KEY: 'key',
  S3_SECRET_KEY: 'secret',
  SER_API_TOKEN: '0123456789abcdef',
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readEnvironment(all, environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test('takes what is not in the environment from the services file, and defaults after that', () => {
  const read = readEnvironment(all, { REDIS_URL: 'redis://elsewhere:1', S3_ACCESS_KEY: '', SER_THREADS: '3' }, services)
  expect(read).toMatchObject({
    REDIS_URL: 'redis://elsewhere:1',
    DATABASE_URL: services.DATABASE_URL,
    S3_ENDPOINT: 'http://127.0.0.1:9000',
    S3_ACCESS_KEY: 'key',
    S3_BUCKET: 'ser',
    SER_QUEUE_PREFIX: 'ser',
    SER_THREADS: 3,
    SER_INGEST_ROOTS: [],
    LOG_LEVEL: 'info',
  })
  expect(read.SER_CONCURRENCY).toBeUndefined()
})

test('names every missing variable at once, and what to do', () => {
  const problems = problemsOf({})
  expect(problems.map((line) => line.split(' ')[0])).toEqual([
    'DATABASE_URL',
    'REDIS_URL',
    'S3_ACCESS_KEY',
    'S3_ENDPOINT',
    'S3_SECRET_KEY',
    'SER_API_TOKEN',
  ])
  expect(problems[0]).toContain('npm run up')
})

test('says what is wrong with a value without repeating it', () => {
  const problems = problemsOf({
    ...services,
    DATABASE_URL: 'mysql://root:hunter2@db',
    SER_THREADS: '0',
    SER_INGEST_ROOTS: '/data:relative',
    SER_QUEUE_PREFIX: 'a:b',
    LOG_LEVEL: 'loud',
  })
  expect(problems).toHaveLength(5)
  expect(problems.join('\n')).not.toContain('hunter2')
  expect(problems.join('\n')).toContain('SER_THREADS must be a whole number from 1 to 1024')
})

test('finds the services file in the nearest folder above', () => {
  const files: Record<string, string> = {
    '/a/.ser/services.json': '{"REDIS_URL":"redis://x"}',
    '/bad/.ser/services.json': '[',
  }
  const readText = (path: string) => {
    const text = files[path]
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return text
  }
  expect(findServices('/a/apps/x', readText)).toEqual({ REDIS_URL: 'redis://x' })
  expect(findServices('/b', readText)).toEqual({})
  expect(() => findServices('/bad', readText)).toThrow(ConfigError)
})

test('arranges the variables of the services as the libraries take them', () => {
  const settings = serviceSettings(readEnvironment(serviceVariables, { SER_QUEUE_PREFIX: 'other' }, services))
  expect(settings).toEqual({
    databaseUrl: 'postgres://ser@127.0.0.1:5432/ser',
    queue: { redisUrl: 'redis://127.0.0.1:6379', prefix: 'other' },
    storage: {
      endpoint: 'http://127.0.0.1:9000',
      accessKey: 'key',
      secretKey: 'secret',
      bucket: 'ser',
      region: 'us-east-1',
    },
    logLevel: 'info',
  })
})
