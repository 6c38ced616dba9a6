import { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Client, type BucketItem } from 'minio'
import { mapStorageError } from './map-storage-error.ts'
import { openTransport } from './open-transport.ts'
import { readObject } from './read-object.ts'
import { sendObject } from './send-object.ts'

export type ObjectStorageOptions = {
  /** `http://host:port` or `https://host`. */
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
  /** Default `us-east-1`. */
  readonly region?: string
  /** Connections at once at most (default 64). */
  readonly sockets?: number
  /** A transfer that stands still for so long is given up, in milliseconds (default 30 000). */
  readonly idleMs?: number
}

export type StoredObject = { readonly key: string; readonly bytes: number }
export type PutOptions = {
  readonly contentType?: string
  /** The SHA-256 of the bytes, where the caller has it already: the request is signed with it, and it is not computed anew. */
  readonly sha256?: string
}

/** One bucket. Everything rejects with SerError: OBJECT_GONE is `gone`, what a service can do is `transient`. */
export type ObjectStorage = {
  readonly bucket: string
  /** Makes the bucket when it is not there; many processes may do so at once. */
  readonly ensureBucket: () => Promise<void>
  readonly put: (key: string, bytes: Uint8Array, options?: PutOptions) => Promise<void>
  /** Stores an object whose key comes from its content; false when it was there, and nothing was sent. */
  readonly putIfAbsent: (key: string, bytes: Uint8Array, options?: PutOptions) => Promise<boolean>
  readonly has: (key: string) => Promise<boolean>
  /** The whole object; longer than `maxBytes` (default 1 GiB) is OBJECT_TOO_LARGE, `bad-input`. */
  readonly get: (key: string, options?: { readonly maxBytes?: number }) => Promise<Uint8Array>
  /** The object as it comes; its errors on the way are those of the socket. Read it to its end or destroy it. */
  readonly getStream: (key: string) => Promise<Readable>
  /** Every object below a prefix, in the order of the keys, a thousand a request. */
  readonly list: (prefix?: string) => AsyncGenerator<StoredObject>
  /** Removing what is not there is no error. */
  readonly remove: (key: string) => Promise<void>
  /** Another bucket of the same service, with the same keys and connections. */
  readonly openBucket: (bucket: string) => ObjectStorage
  /** Ends the connections, of every bucket opened from here. */
  readonly close: () => void
}

/** Opens object storage. Nothing is sent before the first call. */
export function createObjectStorage(options: ObjectStorageOptions): ObjectStorage {
  const { protocol, hostname, port } = new URL(options.endpoint)
  const secure = protocol === 'https:'
  const { agent, transport } = openTransport({
    secure,
    sockets: options.sockets ?? 64,
    idleMs: options.idleMs ?? 30_000,
  })
  const client = new Client({
    // An IPv6 address stands in brackets in a URL, and without in a socket's address.
    endPoint: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    useSSL: secure,
    accessKey: options.accessKey,
    secretKey: options.secretKey,
    region: options.region ?? 'us-east-1',
    // Jobs are retried by the queue, with backoff; the client would only retry in silence, and write to the console.
    retryOptions: { disableRetry: true },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of Node's overloads the client calls just this one
    transport: transport as never,
    transportAgent: agent,
  })
  return openBucket(client, options.bucket, () => agent.destroy())
}

function openBucket(client: Client, bucket: string, close: () => void): ObjectStorage {
  const guard = async <T>(key: string | undefined, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw mapStorageError(error, bucket, key)
    }
  }
  const put = (key: string, bytes: Uint8Array, options: PutOptions = {}) =>
    guard(key, () => sendObject(client, { bucket, key, bytes, ...options }))
  const has = (key: string) => guard(key, () => isThere(client, bucket, key))
  const getStream = (key: string) => guard(key, () => client.getObject(bucket, key))
  return {
    bucket,
    ensureBucket: () => guard(undefined, () => ensureBucket(client, bucket)),
    put,
    has,
    getStream,
    async putIfAbsent(key, bytes, putOptions) {
      if (await has(key)) return false
      await put(key, bytes, putOptions)
      return true
    },
    async get(key, { maxBytes = 2 ** 30 } = {}) {
      const stream = await getStream(key)
      return guard(key, () => readObject(stream, key, { maxBytes, announced: announcedLength(stream) }))
    },
    list: (prefix = '') => list(client, bucket, prefix),
    remove: (key) => guard(key, () => client.removeObject(bucket, key)),
    openBucket: (name) => openBucket(client, name, close),
    close,
  }
}

/** The client's stream is the answer itself. */
function announcedLength(stream: Readable): number | undefined {
  const length = stream instanceof IncomingMessage ? Number(stream.headers['content-length'] ?? Number.NaN) : Number.NaN
  return Number.isSafeInteger(length) ? length : undefined
}

async function isThere(client: Client, bucket: string, key: string): Promise<boolean> {
  try {
    await client.statObject(bucket, key)
    return true
  } catch (error) {
    if (mapStorageError(error, bucket, key).kind === 'gone') return false
    throw error
  }
}

async function ensureBucket(client: Client, bucket: string): Promise<void> {
  if (await client.bucketExists(bucket)) return
  try {
    await client.makeBucket(bucket)
  } catch (error) {
    // Another process was faster.
    if (!(await client.bucketExists(bucket))) throw error
  }
}

async function* list(client: Client, bucket: string, prefix: string): AsyncGenerator<StoredObject> {
  try {
    const objects: AsyncIterable<BucketItem> = client.listObjectsV2(bucket, prefix, true)
    for await (const { name, size } of objects) {
      if (name !== undefined) yield { key: name, bytes: size }
    }
  } catch (error) {
    throw mapStorageError(error, bucket, prefix === '' ? undefined : prefix)
  }
}
