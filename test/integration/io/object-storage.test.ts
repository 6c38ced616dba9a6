import { createHash } from 'node:crypto'
import { audioKey, createObjectStorage, type ObjectStorage } from '@ser/object-storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestBucket, testServices, type TestBucket, type TestServices } from '../../support/index.ts'

let services: TestServices
let bucket: TestBucket
let storage: ObjectStorage

beforeAll(async () => {
  services = await testServices()
  bucket = await createTestBucket()
  storage = createObjectStorage({ ...services.s3, bucket: bucket.bucket })
})

afterAll(async () => {
  storage.close()
  await bucket.drop()
})

test('an object comes back byte for byte, also an empty one', async () => {
  const bytes = createHash('shake256', { outputLength: 300_000 }).update('recording').digest()
  await storage.put('some/key with ümlaut.wav', bytes, { contentType: 'audio/wav' })
  await storage.put('empty', new Uint8Array(0))
  expect(Buffer.from(await storage.get('some/key with ümlaut.wav')).equals(bytes)).toBe(true)
  expect(await storage.get('empty')).toHaveLength(0)
  const chunks: Buffer[] = []
  for await (const chunk of await storage.getStream('some/key with ümlaut.wav')) chunks.push(Buffer.from(chunk))
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
})

test('an object is put with the SHA-256 that its caller has', async () => {
  const bytes = Buffer.from('recording')
  await storage.put('hashed before', bytes, { sha256: createHash('sha256').update(bytes).digest('hex') })
  expect(Buffer.from(await storage.get('hashed before')).equals(bytes)).toBe(true)
})

test('what is there is not sent again', async () => {
  const key = audioKey('0'.repeat(64))
  expect(await storage.putIfAbsent(key, Buffer.from('first'))).toBe(true)
  expect(await storage.putIfAbsent(key, Buffer.from('second'))).toBe(false)
  expect(Buffer.from(await storage.get(key)).toString()).toBe('first')
})

test('a missing object is gone, a missing bucket is for somebody to mend, and removing nothing is no error', async () => {
  await expect(storage.get('no/such/key')).rejects.toMatchObject({ code: 'OBJECT_GONE', kind: 'gone' })
  expect(await storage.has('no/such/key')).toBe(false)
  await storage.remove('no/such/key')
  const elsewhere = storage.openBucket('ser-test-no-such-bucket')
  await expect(elsewhere.get('key')).rejects.toMatchObject({ code: 'BUCKET_MISSING', kind: 'transient' })
})

test('an object longer than asked for is refused before it is read whole', async () => {
  await storage.put('long', new Uint8Array(200_000))
  await expect(storage.get('long', { maxBytes: 100_000 })).rejects.toMatchObject({
    code: 'OBJECT_TOO_LARGE',
    kind: 'bad-input',
  })
  expect(await storage.get('long', { maxBytes: 200_000 })).toHaveLength(200_000)
})

test('lists what lies below a prefix, in the order of the keys', async () => {
  const keys = Array.from({ length: 12 }, (_, index) => `many/${String(index).padStart(5, '0')}`)
  await Promise.all(keys.map((key) => storage.put(key, Buffer.from('x'))))
  const listed: string[] = []
  for await (const { key, bytes } of storage.list('many/')) {
    expect(bytes).toBe(1)
    listed.push(key)
  }
  expect(listed).toEqual(keys)
})

test('wrong keys are said to be wrong, and may be mended', async () => {
  const refused = createObjectStorage({ ...services.s3, secretKey: 'wrong', bucket: bucket.bucket })
  await expect(refused.get('empty')).rejects.toMatchObject({ code: 'STORAGE_DENIED', kind: 'transient' })
  refused.close()
})

test('processes that start together make the bucket once', async () => {
  const name = `${bucket.bucket}-twin`
  const twins = [storage.openBucket(name), storage.openBucket(name), storage.openBucket(name)]
  await Promise.all(twins.map((twin) => twin.ensureBucket()))
  await twins[0].put('a', Buffer.from('b'))
  expect(await twins[1].has('a')).toBe(true)
  await twins[2].remove('a')
})
