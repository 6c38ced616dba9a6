import { randomBytes } from 'node:crypto'
import { Client } from 'minio'
import { testServices } from './services.ts'

export type TestBucket = {
  readonly bucket: string
  /** Removes all that it holds. */
  readonly empty: () => Promise<void>
  /** Removes it with all that it holds. */
  readonly drop: () => Promise<void>
}

/** A new, empty bucket with a random name. */
export async function createTestBucket(): Promise<TestBucket> {
  const { s3 } = await testServices()
  const { protocol, hostname, port } = new URL(s3.endpoint)
  const useSSL = protocol === 'https:'
  const client = new Client({
    endPoint: hostname,
    port: Number(port || (useSSL ? 443 : 80)),
    useSSL,
    region: s3.region,
    accessKey: s3.accessKey,
    secretKey: s3.secretKey,
  })
  const bucket = `ser-test-${randomBytes(8).toString('hex')}`
  await client.makeBucket(bucket, s3.region)
  const empty = () => emptyBucket(client, bucket)
  return {
    bucket,
    empty,
    drop: async () => {
      await empty()
      await client.removeBucket(bucket)
    },
  }
}

async function emptyBucket(client: Client, bucket: string): Promise<void> {
  const names: string[] = []
  await new Promise<void>((resolve, reject) => {
    client
      .listObjectsV2(bucket, '', true)
      .on('data', ({ name }) => name !== undefined && names.push(name))
      .on('end', resolve)
      .on('error', reject)
  })
  await client.removeObjects(bucket, names)
}
