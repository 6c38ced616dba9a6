import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { gatherTurns, type TurnItem } from './gather-turns.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

type Named = TurnItem & { readonly name: string }

const item = (name: string, more: { bytes?: number; group?: string; alone?: boolean } = {}): Named => ({
  name,
  bytes: new Uint8Array(more.bytes ?? 1),
  group: more.group ?? 'a',
  alone: more.alone ?? false,
})

/** Turns that end when they are told to. */
function openTurns(limits: Partial<Parameters<typeof gatherTurns>[0]> = {}) {
  const begun: { names: string; end: () => void; fail: (reason: Error) => void }[] = []
  const take = gatherTurns<Named, string>(
    { turns: 1, items: 3, bytes: 100, patienceMs: 5, ...limits },
    (items) =>
      new Promise((resolve, reject) => {
        const names = items.map(({ name }) => name)
        begun.push({ names: names.join(''), end: () => resolve(names), fail: reject })
      }),
  )
  const names = () => begun.map((turn) => turn.names)
  /** Ends turn after turn and tells who shared them. */
  const endAll = async (all: readonly Promise<string>[]) => {
    for (let turn = 0; turn < begun.length; turn += 1) {
      begun[turn].end()
      await vi.advanceTimersByTimeAsync(5)
    }
    return { results: await Promise.all(all), turns: names() }
  }
  return { take, begun, names, endAll }
}

test('an item waits a little for others, and what comes while it is worked on shares the next turns', async () => {
  const { take, names, endAll } = openTurns()
  const early = [take(item('a')), take(item('b'))]
  await vi.advanceTimersByTimeAsync(4)
  expect(names()).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(names()).toEqual(['ab'])
  const late = Array.from('cdefg').map((name) => take(item(name)))
  expect(await endAll([...early, ...late])).toEqual({ results: Array.from('abcdefg'), turns: ['ab', 'cde', 'fg'] })
})

test('a whole turn begins at once, as many as there are threads, and then no time is lost', async () => {
  const { take, names, begun } = openTurns({ turns: 2 })
  for (const name of 'abcdefgh') void take(item(name))
  expect(names()).toEqual(['abc', 'def'])
  await vi.advanceTimersByTimeAsync(5)
  begun[0].end()
  await vi.advanceTimersByTimeAsync(0)
  expect(names()).toEqual(['abc', 'def', 'gh'])
})

test('a turn holds one group, so many bytes, and nobody beside one that is to be alone', async () => {
  const { take, endAll } = openTurns({ items: 10, bytes: 100 })
  const items = [
    item('a'),
    item('b'),
    item('c', { group: 'b' }),
    item('d', { group: 'b', bytes: 60 }),
    item('e', { group: 'b', bytes: 60 }),
    item('f', { group: 'b', bytes: 1000 }),
    item('g', { group: 'b', alone: true }),
    item('h', { group: 'b' }),
    item('i', { group: 'b' }),
  ]
  const { turns } = await endAll(items.map(take))
  expect(turns).toEqual(['ab', 'cd', 'e', 'f', 'g', 'hi'])
})

test('a turn that breaks down fails those that shared it, and the next one begins', async () => {
  const { take, begun } = openTurns()
  const all = Promise.allSettled(Array.from('abcd').map((name) => take(item(name))))
  begun[0].fail(new Error('broken'))
  await vi.advanceTimersByTimeAsync(5)
  begun[1].end()
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled'])
})
