import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readObject } from './read-object.ts'

const chunks = () => Readable.from([Buffer.from('abc'), Buffer.from('defgh'), Buffer.from('ij')])

test.each([undefined, 0, 4, 10])('reads the whole object where its length is announced as %s', async (announced) => {
  const bytes = await readObject(chunks(), 'key', { maxBytes: 1000, announced })
  expect(Buffer.from(bytes).toString()).toBe('abcdefghij')
  expect(bytes.buffer.byteLength).toBe(10)
})

test('gives out no memory that the object has not filled', async () => {
  const bytes = await readObject(chunks(), 'key', { maxBytes: 1000, announced: 500 })
  expect(bytes.buffer.byteLength).toBe(10)
})

test('stops at the first byte too many, whatever was announced', async () => {
  const stream = chunks()
  await expect(readObject(stream, 'key', { maxBytes: 9, announced: 5 })).rejects.toMatchObject({ kind: 'bad-input' })
  expect(stream.destroyed).toBe(true)
})
