import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { testServices } from './services.ts'

/** A prefix for BullMQ that no other test file uses. */
export function testQueuePrefix(): string {
  return `ser-test-${randomBytes(6).toString('hex')}`
}

/** Deletes all keys below a prefix. */
export async function deleteQueueKeys(prefix: string): Promise<void> {
  const { redisUrl } = await testServices()
  const redis = new Redis(redisUrl)
  try {
    let cursor = '0'
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}:*`, 'COUNT', 1000)
      if (keys.length > 0) await redis.unlink(...keys)
      cursor = next
    } while (cursor !== '0')
  } finally {
    redis.disconnect()
  }
}
