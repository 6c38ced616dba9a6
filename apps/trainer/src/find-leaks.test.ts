import { expect, test } from 'vitest'
import { findLeaks } from './find-leaks.ts'
import type { KnownClip } from './join-datasets.ts'

const clip = (sha256: string, parent: string | null = null): KnownClip => ({
  sha256,
  parent,
  row: 0,
  class: 0,
  label: 'sad',
  speaker: 'x',
  word: null,
  split: null,
  datasets: ['d'],
})

test('names the variants in which a recording of another side is heard, whichever side it is', () => {
  const train = [clip('a'), clip('b'), clip('a1', 'a'), clip('a2', 'a'), clip('a3', 'a')]
  const test_ = [clip('c'), clip('c1', 'c'), clip('c2', 'c')]
  const mixedInto = new Map([
    ['a1', ['b']],
    ['a2', ['b', 'c']],
    ['a3', ['noise']],
    ['c1', ['a']],
    ['c2', ['c']],
  ])
  expect(findLeaks([train, [], test_], mixedInto)).toEqual(new Set(['a2', 'c1']))
})

test('knows the side of an original by its variants, where the run has only these', () => {
  expect(findLeaks([[clip('a1', 'a')], [clip('b1', 'b')]], new Map([['a1', ['b']]]))).toEqual(new Set(['a1']))
})
