import { expect, it } from 'vitest'
import { createCache } from './create-cache.ts'

it('forgets what was not used for longest, and drops it', () => {
  const dropped: string[] = []
  const cache = createCache<string, string>({ most: 2, drop: (value) => void dropped.push(value) })
  cache.set('a', 'A')
  cache.set('b', 'B')
  expect(cache.get('a')).toBe('A')
  cache.set('c', 'C')
  expect(dropped).toEqual(['B'])
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['A', undefined, 'C'])
})

it('keeps a value that is set again', () => {
  const dropped: string[] = []
  const cache = createCache<string, string>({ most: 1, drop: (value) => void dropped.push(value) })
  cache.set('a', 'A')
  cache.set('a', 'A')
  expect(dropped).toEqual([])
  expect(cache.size).toBe(1)
})
