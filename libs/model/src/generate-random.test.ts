import { expect, test } from 'vitest'
import { createGenerator, shuffledIndices, standardNormal } from './generate-random.ts'

const take = (count: number, next: () => number) => Array.from({ length: count }, next)

test('gives the same numbers for the same seed and stream, others otherwise', () => {
  const first = take(8, createGenerator(1, 'weights'))
  expect(take(8, createGenerator(1, 'weights'))).toEqual(first)
  expect(take(8, createGenerator(2, 'weights'))).not.toEqual(first)
  expect(take(8, createGenerator(1, 'dropout'))).not.toEqual(first)
})

test('gives uniform and normal numbers', () => {
  const count = 100_000
  const uniform = take(count, createGenerator(3, 'shuffle'))
  const mean = uniform.reduce((a, b) => a + b) / count
  // Standard error of the mean: 0.29 / sqrt(count) = 0.0009.
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.004)
  expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true)

  const random = createGenerator(3, 'weights')
  const normal = take(count, () => standardNormal(random))
  expect(Math.abs(normal.reduce((a, b) => a + b) / count)).toBeLessThan(0.015)
  expect(Math.abs(normal.reduce((a, b) => a + b * b, 0) / count - 1)).toBeLessThan(0.025)
})

test('shuffles every index once', () => {
  const order = shuffledIndices(1000, createGenerator(5, 'shuffle'))
  expect(order).not.toEqual(order.toSorted())
  expect(order.toSorted()).toEqual(Uint32Array.from({ length: 1000 }, (_, index) => index))
})
