import { Redis } from 'ioredis'
import { Client as S3Client } from 'minio'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import {
  createTestBucket,
  createTestDatabase,
  deleteQueueKeys,
  testQueuePrefix,
  testServices,
} from '../../support/index.ts'

describe('a test file of its own', () => {
  test('gets a database with the schema and without rows, and that is gone after it was dropped', async () => {
    const database = await createTestDatabase()
    const client = new Client({ connectionString: database.url })
    client.on('error', () => {})
    await client.connect()
    expect((await client.query('select count(*)::int as n from clips')).rows).toEqual([{ n: 0 }])
    await database.drop()
    const late = new Client({ connectionString: database.url })
    await expect(late.connect()).rejects.toMatchObject({ code: '3D000' })
  })

  test('gets an empty database when it asks for one', async () => {
    const database = await createTestDatabase({ migrated: false })
    const client = new Client({ connectionString: database.url })
    await client.connect()
    const { rows } = await client.query("select count(*)::int as n from pg_tables where schemaname = 'public'")
    expect(rows).toEqual([{ n: 0 }])
    await client.end()
    await database.drop()
  })

  test('empties its database and its bucket for the next test', async () => {
    const [database, bucket] = await Promise.all([createTestDatabase(), createTestBucket()])
    const client = new Client({ connectionString: database.url })
    await client.connect()
    await client.query("insert into datasets (name) values ('of the test before')")
    await Promise.all([database.empty(), bucket.empty()])
    expect((await client.query('select count(*)::int as n from datasets')).rows).toEqual([{ n: 0 }])
    expect((await client.query('select count(*)::int as n from schema_migrations')).rows[0].n).toBeGreaterThan(10)
    await client.end()
    await Promise.all([database.drop(), bucket.drop()])
  })

  test('gets databases at the same time as other files do', async () => {
    const databases = await Promise.all(Array.from({ length: 6 }, () => createTestDatabase()))
    expect(new Set(databases.map(({ url }) => url)).size).toBe(6)
    await Promise.all(databases.map(({ drop }) => drop()))
  })

  test('deletes the keys below its own prefix and no others', async () => {
    const [mine, theirs] = [testQueuePrefix(), testQueuePrefix()]
    const redis = new Redis((await testServices()).redisUrl)
    try {
      await redis.mset(`${mine}:a`, '1', `${mine}:b`, '2', `${theirs}:a`, '3')
      await deleteQueueKeys(mine)
      expect(await redis.exists(`${mine}:a`, `${mine}:b`)).toBe(0)
      expect(await redis.exists(`${theirs}:a`)).toBe(1)
      await deleteQueueKeys(theirs)
    } finally {
      redis.disconnect()
    }
  })

  test('gets a bucket that holds what is put, and removes it with its objects', async () => {
    const { bucket, drop } = await createTestBucket()
    const { s3 } = await testServices()
    const { hostname, port } = new URL(s3.endpoint)
    const keys = { accessKey: s3.accessKey, secretKey: s3.secretKey, region: s3.region }
    const client = new S3Client({
      endPoint: hostname,
      port: Number(port),
      useSSL: s3.endpoint.startsWith('https'),
      ...keys,
    })
    await client.putObject(bucket, 'folder/object', Buffer.from('content'))
    expect((await client.statObject(bucket, 'folder/object')).size).toBe(7)
    await drop()
    expect(await client.bucketExists(bucket)).toBe(false)
  })
})
