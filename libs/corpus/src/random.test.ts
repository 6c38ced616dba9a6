import { expect, test } from 'vitest'
import { createRandom, fromState, seedWords, shuffled } from './random.ts'

test('gives the numbers of the reference implementation of xoshiro128** 1.1', () => {
  const random = fromState([1, 2, 3, 4])
  // From xoshiro128starstar.c, as rand_xoshiro's tests have them.
  const reference = [
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]
  expect(reference.map(() => random.nextUint32())).toEqual(reference)
})

test('fills the state as the reference implementation of splitmix64 does', () => {
  const words = [6457827717110365317n, 3203168211198807973n].flatMap((each) => [
    Number(each & 0xffffffffn),
    Number(each >> 32n),
  ])
  expect(seedWords(1234567)).toEqual(words)
})

test('draws integers below a bound evenly', () => {
  const random = createRandom(3)
  const counts = Array.from({ length: 7 }, () => 0)
  for (let draw = 0; draw < 70_000; draw++) counts[random.below(7)]++
  // 10,000 expected, deviation 93: five deviations.
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(465)
})

test('draws normal numbers of mean 0 and deviation 1', () => {
  const random = createRandom(4)
  const draws = Array.from({ length: 50_000 }, () => random.normal())
  const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length
  const variance = draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws.length
  expect(Math.abs(mean)).toBeLessThan(0.025)
  expect(Math.abs(variance - 1)).toBeLessThan(0.04)
})

test('shuffles by seed and leaves its argument alone', () => {
  const items = Array.from({ length: 100 }, (_, index) => index)
  const once = shuffled(items, createRandom(5))
  expect(shuffled(items, createRandom(5))).toEqual(once)
  expect(shuffled(items, createRandom(6))).not.toEqual(once)
  expect([...once].sort((a, b) => a - b)).toEqual(items)
})

test.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses the seed %d', (seed) => {
  expect(() => createRandom(seed)).toThrow(RangeError)
})
