import { nameSchema } from '@ser/contracts'
import { expect, test } from 'vitest'
import { isSource, resourceDataset } from './take-in-resources.ts'

test('what has a slash is a place, anything else a dataset', () => {
  expect(['./noise', '/data/rooms', 's3://bucket/noise', 'noise/'].map(isSource)).toEqual([true, true, true, true])
  expect(isSource('noise')).toBe(false)
})

test('a place has one name, which says what it is, and other places have others', () => {
  const name = resourceDataset({ kind: 'folder', path: '/data/Street Noise' })
  expect(name).toMatch(/^resources-street-noise-[0-9a-f]{8}$/)
  expect(resourceDataset({ kind: 'folder', path: '/data/Street Noise' })).toBe(name)
  const others = [
    resourceDataset({ kind: 'folder', path: '/other/Street Noise' }),
    resourceDataset({ kind: 's3', bucket: 'sounds', prefix: '' }),
    resourceDataset({ kind: 's3', bucket: 'sounds', prefix: `${'long '.repeat(40)}/` }),
  ]
  for (const other of others) expect(nameSchema.parse(other)).not.toBe(name)
  expect(new Set(others).size).toBe(3)
})
