import { EventEmitter, once } from 'node:events'
import { createServer, request } from 'node:http'

/**
 * A proxy before an S3 server that lets a number of uploads through and holds the next ones without an answer, until
 * `release` is called: what a process has done by then is known exactly.
 */
export async function holdUploads(endpoint: string, letThrough: number) {
  const { hostname, port } = new URL(endpoint)
  let left = letThrough
  const held: (() => void)[] = []
  const events = new EventEmitter()
  const puts: string[] = []
  const server = createServer((incoming, outgoing) => {
    const forward = () => {
      // The Host header stays: the signature covers it.
      const { method, url, headers } = incoming
      const upstream = request({ hostname, port, method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers)
        answer.pipe(outgoing)
      })
      upstream.on('error', () => outgoing.destroy())
      incoming.on('error', () => upstream.destroy())
      incoming.pipe(upstream)
    }
    if (incoming.method !== 'PUT' || !incoming.url!.includes('/audio/')) return forward()
    if (left > 0) {
      left--
      puts.push(incoming.url!)
      return forward()
    }
    held.push(() => outgoing.destroy())
    events.emit('held')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    /** Resolves when the first upload is held. */
    holding: once(events, 'held'),
    /** The uploads that were let through. */
    puts,
    release: () => {
      left = Number.POSITIVE_INFINITY
      for (const drop of held.splice(0)) drop()
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
