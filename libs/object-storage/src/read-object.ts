import type { Readable } from 'node:stream'
import { SerError } from '@ser/contracts'

/**
 * Reads an object into memory.
 * @throws SerError OBJECT_TOO_LARGE (bad-input) as soon as it proves to be longer than `maxBytes`.
 */
export async function readObject(stream: Readable, key: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length > maxBytes) {
      // Leaving the loop destroys the stream, and with it the rest of the transfer.
      throw new SerError('OBJECT_TOO_LARGE', `the object ${key} is longer than ${maxBytes} bytes`, {
        kind: 'bad-input',
        ids: { key },
      })
    }
  }
  // A copy with memory of its own: small buffers share Node's pool, and could not be transferred to a thread.
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
