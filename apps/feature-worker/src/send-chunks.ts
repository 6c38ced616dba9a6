import { on } from 'node:events'
import type { Readable } from 'node:stream'
import type { MessagePort } from 'node:worker_threads'

/** A piece of a recording, or why there is none. */
export type ChunkMessage = Uint8Array<ArrayBuffer> | 'end' | 'lost'

// A message costs as much as some ten thousand bytes.
const PIECE_BYTES = 2 ** 18

/**
 * Hands a stream to a thread, a piece for each that it asks for, so that no more than one waits there. The stream is opened
 * when the first is wanted, and destroyed when the thread closes the port.
 *
 * @returns when the port is closed; rejects with what `open` or the stream threw, of which the thread hears `lost`
 */
export async function sendChunks(port: MessagePort, open: () => Promise<Readable>): Promise<void> {
  let stream: Readable | undefined
  let pieces: AsyncGenerator<Uint8Array<ArrayBuffer>> | undefined
  try {
    for await (const _wanted of on(port, 'message', { close: ['close'] })) {
      stream ??= await open()
      pieces ??= joinChunks(stream)
      const { done, value } = await pieces.next()
      if (done === true) port.postMessage('end' satisfies ChunkMessage)
      else port.postMessage(value satisfies ChunkMessage, [value.buffer])
    }
  } catch (error) {
    port.postMessage('lost' satisfies ChunkMessage)
    throw error
  } finally {
    stream?.destroy()
  }
}

/** Pieces with memory of their own, which can be handed over. */
async function* joinChunks(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    length += chunk.length
    if (length < PIECE_BYTES) continue
    yield join(chunks, length)
    chunks = []
    length = 0
  }
  if (length > 0) yield join(chunks, length)
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const piece = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    piece.set(chunk, at)
    at += chunk.length
  }
  return piece
}
