import { Redis } from 'ioredis'

export type RedisUse = {
  readonly url: string
  /** Shown in `CLIENT LIST`. */
  readonly name: string
  /** `wait`: commands wait for Redis to come back, for as long as it takes. `fail`: they are rejected in a few seconds. */
  readonly whenLost: 'wait' | 'fail'
  readonly onError: (error: Error) => void
}

/** A connection that comes back by itself, at most five seconds after Redis did. */
export function openRedis({ url, name, whenLost, onError }: RedisUse): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    maxRetriesPerRequest: whenLost === 'wait' ? null : 3,
    retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 6), 5000),
    connectTimeout: 10_000,
    keepAlive: 10_000,
  })
  redis.on('error', onError)
  return redis
}
