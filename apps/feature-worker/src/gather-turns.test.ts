import { expect, test } from 'vitest'
import { gatherTurns, type TurnItem } from './gather-turns.ts'

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
    { turns: 1, items: 3, bytes: 100, ...limits },
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
      await new Promise(setImmediate)
    }
    return { results: await Promise.all(all), turns: names() }
  }
  return { take, begun, names, endAll }
}

test('what comes first is taken at once, and what waits meanwhile shares the next turns', async () => {
  const { take, names, endAll } = openTurns()
  const all = Array.from('abcdef').map((name) => take(item(name)))
  expect(names()).toEqual(['a'])
  expect(await endAll(all)).toEqual({ results: Array.from('abcdef'), turns: ['a', 'bcd', 'ef'] })
  const later = take(item('g'))
  expect((await endAll([later])).turns.at(-1)).toBe('g')
})

test('as many turns run as there are threads', () => {
  const { take, names } = openTurns({ turns: 2 })
  for (const name of 'abcd') void take(item(name))
  expect(names()).toEqual(['a', 'b'])
})

test('a turn holds one group, so many bytes, and nobody beside one that is to be alone', async () => {
  const { take, endAll } = openTurns({ items: 10 })
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
  expect(turns).toEqual(['a', 'b', 'cd', 'e', 'f', 'g', 'hi'])
})

test('a turn that breaks down fails those that shared it, and the next one begins', async () => {
  const { take, begun } = openTurns()
  const all = Array.from('abcd').map((name) => take(item(name)))
  begun[0].end()
  await all[0]
  begun[1].fail(new Error('broken'))
  const settled = await Promise.allSettled(all.slice(1))
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  const after = take(item('e'))
  begun[2].end()
  expect(await after).toBe('e')
})
