import { expect, test } from 'vitest'
import { drawFew } from './draw-few.ts'

const items = Array.from({ length: 20 }, (_, index) => ({ index, voice: index % 2 === 0 ? 'A' : 'B' }))

test('gives each recording with others of its voice, itself first and none twice', () => {
  for (const [index, group] of drawFew(items, 4).entries()) {
    expect(group[0]).toBe(items[index])
    expect(new Set(group).size).toBe(4)
    expect(new Set(group.map(({ voice }) => voice)).size).toBe(1)
  }
})

test('gives a recording alone where one is known, and all of a voice where it has fewer than are asked for', () => {
  expect(drawFew(items, 1)).toEqual(items.map((item) => [item]))
  expect(drawFew(items, 50).every(({ length }) => length === 10)).toBe(true)
})

test('draws the same every time', () => {
  expect(drawFew(items, 3)).toEqual(drawFew(items, 3))
})
