import { setTimeout as delay } from 'node:timers/promises'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { unreachable, type ApiClient } from './api-client.ts'

const RETRIES = 5

/**
 * The events of a stream up to and including `end`. A stream that breaks off is opened again from the last event seen, five
 * times in a row at most.
 */
export async function* readEvents(
  client: ApiClient,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<EventSourceMessage> {
  let lastId: string | undefined
  for (let failures = 0; ;) {
    try {
      for await (const event of readOnce(client, path, lastId, signal)) {
        failures = 0
        lastId = event.id ?? lastId
        yield event
        if (event.event === 'end') return
      }
      throw new Error('the stream ended too soon')
    } catch (error) {
      signal.throwIfAborted()
      failures += 1
      if (isRefusal(error) || failures > RETRIES)
        throw isRefusal(error) ? error : unreachable(client.address.url, error)
      await delay(Math.min(8000, 250 * 2 ** failures), undefined, { signal })
    }
  }
}

async function* readOnce(
  client: ApiClient,
  path: string,
  lastId: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<EventSourceMessage> {
  const headers = lastId === undefined ? {} : { 'last-event-id': lastId }
  const response = await client.open(path, { headers: { accept: 'text/event-stream', ...headers }, signal })
  const ready: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (event) => void ready.push(event) })
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    yield* ready.splice(0)
  }
}

/** The server has answered, and the answer was no: asking again would not change it. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'CliError' && 'exitCode' in error && error.exitCode !== 3
}
