import { expect, it } from 'vitest'
import { watchEvents } from './stream-events.ts'

async function collect(events: AsyncGenerator<string>): Promise<string[]> {
  const texts: string[] = []
  for await (const text of events) texts.push(text)
  return texts
}

it('yields what is new in each state until the last one', async () => {
  const states = [1, 2, 3]
  const texts = await collect(
    watchEvents({
      read: async () => states.shift()!,
      tell: (state) => ({ events: [{ event: 'state', data: { state }, id: String(state) }], done: state === 3 }),
      signal: new AbortController().signal,
    }),
  )
  expect(texts.slice(1)).toEqual([1, 2, 3].map((state) => `id: ${state}\nevent: state\ndata: {"state":${state}}\n\n`))
})

it('ends when it is told to stop while it waits', async () => {
  const stop = new AbortController()
  const texts = await collect(
    watchEvents({
      read: async () => {
        setImmediate(() => stop.abort())
        return 0
      },
      tell: () => ({ events: [], done: false }),
      signal: stop.signal,
    }),
  )
  expect(texts).toEqual(['retry: 2000\n\n'])
})
