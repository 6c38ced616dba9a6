import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Addresses and keys of the servers that the tests use. */
export type TestServices = {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly s3: {
    readonly endpoint: string
    readonly accessKey: string
    readonly secretKey: string
    readonly region: string
  }
}

/** The repository's root. */
export const repositoryRoot = join(import.meta.dirname, '../..')

/**
 * The servers named by the environment, else those that `npm run up` started. Each test file must isolate itself on
 * them: see `createTestDatabase`, `testQueuePrefix` and `createTestBucket`.
 */
export async function testServices(): Promise<TestServices> {
  const written = readWrittenAddresses()
  const address = (name: string): string => {
    const value = process.env[name] ?? written[name]
    if (value === undefined) throw new Error(`${name} is not known: run \`npm run up\` first`)
    return value
  }
  return {
    databaseUrl: address('DATABASE_URL'),
    redisUrl: address('REDIS_URL'),
    s3: {
      endpoint: address('S3_ENDPOINT'),
      accessKey: address('S3_ACCESS_KEY'),
      secretKey: address('S3_SECRET_KEY'),
      region: process.env['S3_REGION'] ?? written['S3_REGION'] ?? 'us-east-1',
    },
  }
}

function readWrittenAddresses(): Record<string, string | undefined> {
  const file = join(repositoryRoot, '.ser/services.json')
  if (!existsSync(file)) return {}
  return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')))
}
