import { once } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import type { ChunkMessage } from './send-chunks.ts'

/** What `sendChunks` sends, asked for piece by piece. The port is closed at the end, or when no more is wanted. */
export async function* receiveChunks(port: MessagePort): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const answered = once(port, 'message')
      port.postMessage('more')
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `sendChunks` sends nothing else
      const [message] = (await answered) as [ChunkMessage]
      if (message === 'end') return
      if (message === 'lost') throw new Error('the recording was lost on its way')
      yield message
    }
  } finally {
    port.close()
  }
}
