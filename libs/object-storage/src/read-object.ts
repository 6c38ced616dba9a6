import type { Readable } from 'node:stream'
import { SerError } from '@ser/contracts'

/**
 * Reads an object into memory of its own, which can be transferred to a thread.
 * @param announced The length that the answer's header gives, where it gives one.
 * @throws SerError OBJECT_TOO_LARGE (bad-input) as soon as it proves to be longer than `maxBytes`.
 */
export async function readObject(
  stream: Readable,
  key: string,
  { maxBytes, announced }: { readonly maxBytes: number; readonly announced: number | undefined },
): Promise<Uint8Array> {
  // Slow buffers have no part in Node's pool. They are not zeroed, so only what was filled may leave this function.
  let bytes = Buffer.allocUnsafeSlow(Math.min(announced ?? 0, maxBytes))
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const end = length + chunk.length
    if (end > maxBytes) {
      // Leaving the loop destroys the stream, and with it the rest of the transfer.
      throw new SerError('OBJECT_TOO_LARGE', `the object ${key} is longer than ${maxBytes} bytes`, {
        kind: 'bad-input',
        ids: { key },
      })
    }
    if (end > bytes.length) bytes = grow(bytes, length, Math.min(maxBytes, Math.max(end, 2 * bytes.length)))
    bytes.set(chunk, length)
    length = end
  }
  const whole = length === bytes.length ? bytes : grow(bytes, length, length)
  return new Uint8Array(whole.buffer, 0, length)
}

function grow(bytes: Buffer, filled: number, length: number): Buffer<ArrayBuffer> {
  const grown = Buffer.allocUnsafeSlow(length)
  grown.set(bytes.subarray(0, filled))
  return grown
}
