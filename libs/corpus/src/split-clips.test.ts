import { createHash } from 'node:crypto'
import type { SplitSpec } from '@ser/contracts'
import { assert as assertProperty, constantFrom, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { assertNoLeak } from './assert-no-leak.ts'
import { createRandom, shuffled } from './random.ts'
import { snapshotHash } from './snapshot-hash.ts'
import { LEFT_OUT, TEST_SIDE, TRAIN_SIDE } from './sides.ts'
import { splitClips, type SplitItem } from './split-clips.ts'

const sha = (name: string) => createHash('sha256').update(name).digest('hex')

function corpus(words: number, extra: Partial<SplitItem> = {}): SplitItem[] {
  return ['OAF', 'YAF'].flatMap((speaker) =>
    Array.from({ length: words }, (_, word) => ({
      sha256: sha(`${speaker} ${word}`),
      label: 'sad',
      speaker,
      word: `word${word}`,
      split: null,
      ...extra,
    })),
  )
}

const variantsOf = (items: readonly SplitItem[], count: number): SplitItem[] =>
  items.flatMap((item) =>
    Array.from({ length: count }, (_, index) => ({
      ...item,
      sha256: sha(`${item.sha256} ${index}`),
      parent: item.sha256,
    })),
  )

const sideBySha = (items: readonly SplitItem[], sides: Int8Array) =>
  Object.fromEntries(items.map((item, index) => [item.sha256, sides[index]]))

test('puts a quarter of the clips on the test side: 2100 and 700 of 2800', () => {
  const items = corpus(1400)
  expect(splitClips(items, { by: 'clip', test: 0.25 }, 1)).toMatchObject({ train: 2100, test: 700 })
  expect(splitClips(items, { by: 'clip', test: 701 }, 1)).toMatchObject({ train: 2099, test: 701 })
})

test('depends on the seed and not on the order of the clips', () => {
  const items = corpus(100)
  const split = sideBySha(items, splitClips(items, { by: 'clip', test: 0.25 }, 7).sides)
  const reversed = items.toReversed()
  expect(sideBySha(reversed, splitClips(reversed, { by: 'clip', test: 0.25 }, 7).sides)).toEqual(split)
  expect(sideBySha(items, splitClips(items, { by: 'clip', test: 0.25 }, 8).sides)).not.toEqual(split)
})

test('keeps giving the same split for the same clips and seed from release to release', () => {
  const { sides } = splitClips(corpus(10), { by: 'clip', test: 5 }, 1)
  expect(Array.from(sides).join('')).toBe('10000011001000100000')
})

test('keeps every variant on the side of its parent, whatever the split and the corpus', () => {
  const specs: SplitSpec[] = [
    { by: 'clip', test: 0.3 },
    { by: 'word', test: 0.3 },
    { by: 'speaker', test: ['YAF'] },
  ]
  assertProperty(
    property(
      integer({ min: 4, max: 30 }),
      integer({ min: 1, max: 3 }),
      integer({ min: 0, max: 2 ** 32 - 1 }),
      constantFrom(...specs),
      (words, count, seed, spec) => {
        const originals = corpus(words)
        const items = [...variantsOf(variantsOf(originals, count), 1), ...originals, ...variantsOf(originals, count)]
        const { sides } = splitClips(items, spec, seed)
        const side = sideBySha(items, sides)
        for (const item of items) if (item.parent) expect(side[item.sha256]).toBe(side[item.parent])
      },
    ),
    { numRuns: 40 },
  )
})

test('keeps variants together when their parent is not among the clips', () => {
  const items = variantsOf(corpus(20), 3)
  const side = sideBySha(items, splitClips(items, { by: 'clip', test: 0.25 }, 2).sides)
  for (const item of items) {
    const siblings = items.filter((each) => each.parent === item.parent)
    expect(new Set(siblings.map((each) => side[each.sha256])).size).toBe(1)
  }
})

test('splits by word: 50 of 200 words with all their recordings', () => {
  const items = corpus(200)
  const { sides, test: count } = splitClips(items, { by: 'word', test: 0.25 }, 1)
  const testWords = new Set(items.filter((_, index) => sides[index] === TEST_SIDE).map((item) => item.word))
  const trainWords = new Set(items.filter((_, index) => sides[index] === TRAIN_SIDE).map((item) => item.word))
  expect(count).toBe(100)
  expect(testWords.size).toBe(50)
  expect([...testWords].filter((word) => trainWords.has(word))).toEqual([])
})

test('splits by speaker', () => {
  const items = corpus(5)
  const { sides } = splitClips(items, { by: 'speaker', test: ['YAF'] }, 1)
  expect(Array.from(sides)).toEqual(items.map((item) => (item.speaker === 'YAF' ? TEST_SIDE : TRAIN_SIDE)))
})

test('splits as the manifest says and leaves its validation part out', () => {
  const splits = ['train', 'validation', 'test', 'train']
  const items = corpus(2).map((item, index) => ({ ...item, split: splits[index] }))
  const { sides, train, test: count } = splitClips(items, { by: 'manifest' }, 1)
  expect(Array.from(sides)).toEqual([TRAIN_SIDE, LEFT_OUT, TEST_SIDE, TRAIN_SIDE])
  expect([train, count]).toEqual([2, 1])
})

test.each<[string, SplitItem[], SplitSpec]>([
  ['SPLIT_EMPTY_SIDE', corpus(2), { by: 'clip', test: 4 }],
  ['SPLIT_EMPTY_SIDE', corpus(2), { by: 'clip', test: 0.01 }],
  ['SPLIT_EMPTY_SIDE', corpus(3), { by: 'speaker', test: ['OAF', 'YAF'] }],
  ['SPLIT_EMPTY_SIDE', corpus(3, { split: 'train' }), { by: 'manifest' }],
  ['SPLIT_EMPTY_SIDE', [], { by: 'clip', test: 0.25 }],
  ['SPLIT_INVALID', corpus(3), { by: 'clip', test: 1.5 }],
  ['SPLIT_INVALID', corpus(3, { word: null }), { by: 'word', test: 0.5 }],
  ['SPLIT_INVALID', corpus(3), { by: 'manifest' }],
  ['SPLIT_UNKNOWN_SPEAKER', corpus(3), { by: 'speaker', test: ['Anna'] }],
  ['SPLIT_DUPLICATE_CLIP', [...corpus(3), corpus(3)[0]], { by: 'clip', test: 1 }],
])('refuses with %s what cannot be split', (code, items, spec) => {
  expect(() => splitClips(items, spec, 1)).toThrow(expect.objectContaining({ code, kind: 'bad-input' }))
})

test('refuses a clip that descends from itself', () => {
  const [a, b] = corpus(1)
  const items = [
    { ...a, parent: b.sha256 },
    { ...b, parent: a.sha256 },
  ]
  expect(() => splitClips(items, { by: 'clip', test: 1 }, 1)).toThrow(/its own ancestor/)
})

test('finds a leak between a recording and its variant, and between recordings of a word or a speaker', () => {
  const originals = corpus(2)
  const leak = expect.objectContaining({ code: 'SPLIT_LEAK' })
  const items = [...originals, ...variantsOf(originals, 1)]
  expect(() => assertNoLeak(items, [0, 0, 0, 1, 1, 0, 0, 1], { by: 'clip', test: 1 })).toThrow(leak)
  expect(() => assertNoLeak(originals, [0, 0, 1, 0], { by: 'word', test: 1 })).toThrow(leak)
  expect(() => assertNoLeak(originals, [0, 0, 1, 0], { by: 'speaker', test: ['YAF'] })).toThrow(leak)
  expect(() => assertNoLeak(originals, [0, 0, 1, 0], { by: 'clip', test: 1 })).not.toThrow()
})

test('names a snapshot by its clips and labels, in whatever order they come', () => {
  const items = corpus(3)
  expect(snapshotHash(items.toReversed())).toBe(snapshotHash(items))
  expect(snapshotHash([...items.slice(1), { ...items[0], label: 'happy' }])).not.toBe(snapshotHash(items))
  expect(snapshotHash(items.slice(1))).not.toBe(snapshotHash(items))
  const [one] = items
  expect(snapshotHash([one])).toBe(sha(`${one.sha256} sad\n`))
})

const named = (items: readonly SplitItem[], name: string): SplitItem[] =>
  items.map((item) => ({ ...item, sha256: sha(`${name} ${item.sha256}`), datasets: [name] }))

test('tests on the named datasets, and on what lies in one of them too', () => {
  const [tess, other] = [named(corpus(3), 'tess'), named(corpus(2), 'other')]
  const shared = { ...tess[0], datasets: ['other', 'tess'] }
  const items = [shared, ...tess.slice(1), ...other]
  const { sides } = splitClips(items, { by: 'dataset', test: ['other'] }, 1)
  const expected = items.map((item) => (item.datasets?.includes('other') ? TEST_SIDE : TRAIN_SIDE))
  expect(Array.from(sides)).toEqual(expected)
  expect(expected.filter((side) => side === TEST_SIDE)).toHaveLength(other.length + 1)
})

test('refuses to test on a dataset of variants of what is trained on, and names both clips', () => {
  const clean = named(corpus(2), 'clean')
  const [noisy] = variantsOf(clean, 1).map((item) => ({ ...item, datasets: ['noisy'] }))
  const other = named(corpus(1), 'noisy')
  expect(() => splitClips([...clean, noisy, ...other], { by: 'dataset', test: ['noisy'] }, 1)).toThrow(
    expect.objectContaining({ code: 'SPLIT_LEAK', ids: { clip: noisy.sha256, other: noisy.parent } }),
  )
})

test('leaves each speaker out once with as many folds as speakers', () => {
  const items = ['A', 'B', 'C', 'D', 'E'].flatMap((speaker) =>
    corpus(3).map((item) => ({ ...item, sha256: sha(`${speaker} ${item.sha256}`), speaker })),
  )
  const tested = Array.from({ length: 5 }, (_, index) => {
    const { sides } = splitClips(items, { by: 'speaker-fold', folds: 5, fold: index + 1 }, 3)
    return [...new Set(items.filter((__, i) => sides[i] === TEST_SIDE).map(({ speaker }) => speaker))]
  })
  expect(tested.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1])
  expect(tested.flat().toSorted()).toEqual(['A', 'B', 'C', 'D', 'E'])
})

test('tests on each word in one fold of words, on all of its recordings', () => {
  const items = corpus(9)
  const tested = [1, 2, 3].flatMap((fold) => {
    const { sides } = splitClips(items, { by: 'word-fold', folds: 3, fold }, 5)
    const words = (side: number) => new Set(items.filter((_, i) => sides[i] === side).map(({ word }) => word))
    expect([...words(TEST_SIDE)].filter((word) => words(TRAIN_SIDE).has(word))).toEqual([])
    return [...words(TEST_SIDE)]
  })
  expect(tested).toHaveLength(9)
  expect(new Set(tested)).toEqual(new Set(items.map(({ word }) => word)))
})

test('puts every clip into the test side of exactly one fold, in folds of nearly the same size', () => {
  assertProperty(
    property(
      integer({ min: 2, max: 7 }),
      integer({ min: 4, max: 25 }),
      integer({ min: 0, max: 2 }),
      integer({ min: 0, max: 2 ** 32 - 1 }),
      (folds, words, variants, seed) => {
        const originals = corpus(words)
        const items = [...originals, ...variantsOf(originals, variants)]
        const tests = items.map(() => 0)
        for (let fold = 1; fold <= folds; fold++) {
          const split = splitClips(items, { by: 'clip-fold', folds, fold }, seed)
          expect(Math.abs(split.test - items.length / folds)).toBeLessThan(1 + variants)
          for (const [index, side] of split.sides.entries()) if (side === TEST_SIDE) tests[index] += 1
        }
        expect(new Set(tests)).toEqual(new Set([1]))
      },
    ),
    { numRuns: 40 },
  )
})

test('gives the same folds whatever the order of the clips, and keeps families and speakers on one side', () => {
  const specs: SplitSpec[] = [
    { by: 'clip-fold', folds: 3, fold: 2 },
    { by: 'speaker-fold', folds: 2, fold: 1 },
    { by: 'dataset', test: ['b'] },
  ]
  assertProperty(
    property(
      integer({ min: 3, max: 15 }),
      integer({ min: 0, max: 2 ** 32 - 1 }),
      integer({ min: 0, max: 2 ** 32 - 1 }),
      constantFrom(...specs),
      (words, seed, order, spec) => {
        const originals = [...named(corpus(words), 'a'), ...named(corpus(words), 'b')]
        const items = [...originals, ...variantsOf(originals, 2)]
        const split = splitClips(items, spec, seed)
        const side = sideBySha(items, split.sides)
        const mixed = shuffled(items, createRandom(order))
        expect(sideBySha(mixed, splitClips(mixed, spec, seed).sides)).toEqual(side)
        for (const item of items) if (item.parent) expect(side[item.sha256]).toBe(side[item.parent])
        const sidesOf = (speaker: string) =>
          new Set(items.filter((i) => i.speaker === speaker).map((i) => side[i.sha256]))
        if (spec.by === 'speaker-fold') expect(sidesOf('OAF')).not.toEqual(sidesOf('YAF'))
        if (spec.by === 'speaker-fold') expect([sidesOf('OAF').size, sidesOf('YAF').size]).toEqual([1, 1])
      },
    ),
    { numRuns: 40 },
  )
})

test.each<[string, SplitItem[], SplitSpec]>([
  ['SPLIT_INVALID', corpus(3), { by: 'speaker-fold', folds: 3, fold: 1 }],
  ['SPLIT_INVALID', corpus(1), { by: 'clip-fold', folds: 3, fold: 3 }],
  ['SPLIT_INVALID', corpus(3), { by: 'dataset', test: ['a'] }],
  ['SPLIT_UNKNOWN_DATASET', named(corpus(3), 'a'), { by: 'dataset', test: ['a', 'c'] }],
  ['SPLIT_EMPTY_SIDE', named(corpus(3), 'a'), { by: 'dataset', test: ['a'] }],
])('refuses with %s what cannot be divided by %j', (code, items, spec) => {
  expect(() => splitClips(items, spec, 1)).toThrow(expect.objectContaining({ code, kind: 'bad-input' }))
})
