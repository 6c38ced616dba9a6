import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'

/** An event of a stream; `id` is what a client sends back as Last-Event-ID when it comes again. */
export type ServerEvent = { readonly event: string; readonly data: unknown; readonly id?: string }

const POLL_MS = 500
const HEARTBEAT_MS = 15_000

export type WatchOptions<State> = {
  /** Reads the state as it is now. */
  readonly read: () => Promise<State>
  /** What is new in a state, and whether it was the last one. */
  readonly tell: (state: State) => { readonly events: readonly ServerEvent[]; readonly done: boolean }
  readonly signal: AbortSignal
}

/**
 * Watches a state in the database and yields what is new in it, as the text of a server-sent event stream, until it is done.
 * The database is asked, not Redis, so that nothing is missed that happened before or while Redis was away; a read that takes
 * long is repeated less often. A comment every 15 s keeps proxies from closing a quiet stream.
 */
export async function* watchEvents<State>({ read, tell, signal }: WatchOptions<State>): AsyncGenerator<string> {
  yield 'retry: 2000\n\n'
  let spokenAt = Date.now()
  while (!signal.aborted) {
    const askedAt = Date.now()
    const { events, done } = tell(await read())
    for (const event of events) yield formatEvent(event)
    if (done) return
    if (events.length > 0) spokenAt = Date.now()
    if (Date.now() - spokenAt >= HEARTBEAT_MS) {
      yield ': still here\n\n'
      spokenAt = Date.now()
    }
    const pause = Math.min(HEARTBEAT_MS, Math.max(POLL_MS, 4 * (Date.now() - askedAt)))
    await delay(pause, undefined, { signal }).catch(ignoreAbort)
  }
}

/** Answers with a stream of events that ends by itself, with the client, or with the server. */
export function sendEvents(reply: FastifyReply, events: AsyncGenerator<string>, stop: AbortController): FastifyReply {
  reply.raw.on('close', () => stop.abort())
  return (
    reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      // Nothing follows on this connection, so that a server that stops does not wait for its client to close it.
      .header('connection', 'close')
      .send(Readable.from(events))
  )
}

function formatEvent({ event, data, id }: ServerEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

function ignoreAbort(): void {}
