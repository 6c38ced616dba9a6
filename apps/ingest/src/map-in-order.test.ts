import { expect, test } from 'vitest'
import { groupFiles } from './group-files.ts'
import { mapInOrder } from './map-in-order.ts'

async function* numbers(count: number, onNext: (n: number) => void = () => {}): AsyncGenerator<number> {
  for (let n = 0; n < count; n++) {
    onNext(n)
    yield n
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** Work that ends when told, in any order, and notes how much ran at once. */
function createWork() {
  const running = new Map<number, () => void>()
  const seen = { most: 0, heaviest: 0 }
  return {
    seen,
    finishLast: () => [...running.values()].at(-1)?.(),
    work: (n: number) =>
      new Promise<number>((resolve) => {
        running.set(n, () => {
          running.delete(n)
          resolve(n)
        })
        seen.most = Math.max(seen.most, running.size)
        seen.heaviest = Math.max(
          seen.heaviest,
          [...running.keys()].reduce((sum, each) => sum + each, 0),
        )
      }),
  }
}

const itself = (n: number) => n

const failOnOdd = async (n: number) => {
  if (n % 2 === 1) throw new Error(`item ${n}`)
}

const plain = { most: 4, budget: Number.POSITIVE_INFINITY, weigh: () => 0, sequential: false }

test('gives results in the order of the items, whichever is done first', async () => {
  const { work, finishLast, seen } = createWork()
  const results = collect(mapInOrder(numbers(20), work, plain))
  const pump = setInterval(finishLast, 0)
  expect(await results).toEqual([...Array(20).keys()])
  clearInterval(pump)
  expect(seen.most).toBe(4)
})

test('holds no more at once than its budget, except for one item that is heavier alone', async () => {
  const { work, finishLast, seen } = createWork()
  const pump = setInterval(finishLast, 0)
  await collect(mapInOrder(numbers(12), work, { ...plain, most: 12, budget: 8, weigh: itself }))
  clearInterval(pump)
  expect(seen.heaviest).toBe(11)
  expect(seen.most).toBeLessThanOrEqual(4)
})

test('does not ask a sequential source for the next item before the work on this one is done', async () => {
  const events: string[] = []
  const work = async (n: number) => {
    await Promise.resolve()
    events.push(`done ${n}`)
  }
  await collect(
    mapInOrder(
      numbers(3, (n) => events.push(`next ${n}`)),
      work,
      { ...plain, sequential: true },
    ),
  )
  expect(events).toEqual(['next 0', 'done 0', 'next 1', 'done 1', 'next 2', 'done 2'])
})

test('throws the first error in order and asks for no further item', async () => {
  let asked = 0
  const mapped = mapInOrder(
    numbers(100, () => asked++),
    failOnOdd,
    plain,
  )
  await expect(collect(mapped)).rejects.toThrow('item 1')
  expect(asked).toBeLessThan(10)
})

test('groups by number and by weight', async () => {
  expect(await collect(groupFiles(numbers(7), { most: 3, budget: 6, weigh: itself }))).toEqual([
    [0, 1, 2],
    [3],
    [4],
    [5],
    [6],
  ])
  expect(await collect(groupFiles(numbers(3), { most: 10, budget: 1, weigh: itself }))).toEqual([[0, 1], [2]])
  expect(await collect(groupFiles(numbers(0), { most: 10, budget: 1, weigh: itself }))).toEqual([])
})
