import { expect, test } from 'vitest'
import { mapLimited } from './map-limited.ts'

test('keeps the order of the items and never works on more than the limit', async () => {
  let atWork = 0
  let most = 0
  const results = await mapLimited([5, 1, 4, 2, 3], 2, async (item) => {
    atWork += 1
    most = Math.max(most, atWork)
    // Later items end first.
    for (let turn = 0; turn < 10 - item; turn += 1) await Promise.resolve()
    atWork -= 1
    return item * 10
  })
  expect(results).toEqual([50, 10, 40, 20, 30])
  expect(most).toBe(2)
})

test('begins no further item after an error, and waits for what runs', async () => {
  const begun: number[] = []
  const ended: number[] = []
  const work = async (item: number) => {
    begun.push(item)
    if (item === 1) throw new Error('no')
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
    ended.push(item)
  }
  await expect(mapLimited([1, 2, 3, 4, 5], 2, work)).rejects.toThrow('no')
  expect(begun).toEqual([1, 2])
  expect(ended).toEqual([2])
})

test('rejects with the first error, and does nothing for no items', async () => {
  await expect(mapLimited([1, 2], 2, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await mapLimited([], 4, () => Promise.reject(new Error('no')))).toEqual([])
})
