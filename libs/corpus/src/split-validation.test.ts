import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { TEST_SIDE, TRAIN_SIDE } from './sides.ts'
import { splitClips, type SplitItem } from './split-clips.ts'
import { splitValidation } from './split-validation.ts'

const sha = (name: string) => createHash('sha256').update(name).digest('hex')

/** Of each recording the original and a variant. */
function corpus(speakers: readonly string[], words: number): SplitItem[] {
  return speakers.flatMap((speaker) =>
    Array.from({ length: words }, (_, index) => {
      const original = { sha256: sha(`${speaker} ${index}`), label: 'sad', speaker, word: `word${index}`, split: null }
      return [original, { ...original, sha256: sha(`${speaker} ${index} noisy`), parent: original.sha256 }]
    }).flat(),
  )
}

const items = corpus(['A', 'B', 'C', 'D', 'E'], 20)
const { sides } = splitClips(items, { by: 'clip', test: 0.2 }, 1)
const namesOn = (aside: readonly boolean[], wanted: boolean, nameOf: (item: SplitItem) => string | null) =>
  new Set(items.filter((_, index) => sides[index] === TRAIN_SIDE && aside[index] === wanted).map(nameOf))

test('sets aside a fraction of the training side and nothing of the test side', () => {
  const aside = splitValidation(items, sides, { fraction: 0.1, by: 'clip' }, 1)
  // 80 of 100 originals are trained on; 8 of them, each with its variant.
  expect(aside.filter(Boolean)).toHaveLength(16)
  expect(aside.some((chosen, index) => chosen && sides[index] === TEST_SIDE)).toBe(false)
})

test.each([
  ['clip', (item: SplitItem) => item.parent ?? item.sha256],
  ['word', (item: SplitItem) => item.word],
  ['speaker', (item: SplitItem) => item.speaker],
] as const)('by %s nothing of what is set aside is trained on', (by, nameOf) => {
  const aside = splitValidation(items, sides, { fraction: 0.2, by }, 3)
  const chosen = namesOn(aside, true, nameOf)
  const trained = namesOn(aside, false, nameOf)
  expect(chosen.size).toBeGreaterThan(0)
  expect([...chosen].filter((name) => trained.has(name))).toEqual([])
  const variants = namesOn(aside, true, (item) => item.parent ?? item.sha256)
  expect([...variants].filter((name) => namesOn(aside, false, (item) => item.parent ?? item.sha256).has(name))).toEqual(
    [],
  )
})

test('keeps together what a variant with another word or speaker joins', () => {
  const mixed = corpus(['A', 'B', 'C', 'D'], 5).map((item, index) =>
    index === 1 ? { ...item, speaker: 'B', word: 'another' } : item,
  )
  const all = new Int8Array(mixed.length).fill(TRAIN_SIDE)
  for (let seed = 1; seed <= 10; seed++) {
    const aside = splitValidation(mixed, all, { fraction: 0.34, by: 'speaker' }, seed)
    expect(aside[1]).toBe(aside[0])
    // A and B are one group, because a variant of a recording of A counts as B's.
    expect(new Set(aside.filter((_, index) => 'AB'.includes(mixed[index].speaker))).size).toBe(1)
  }
})

test('depends on the seed and not on the order of the clips', () => {
  const spec = { fraction: 0.2, by: 'clip' } as const
  const chosen = splitValidation(items, sides, spec, 1)
  const reversed = splitValidation(items.toReversed(), sides.toReversed(), spec, 1)
  expect(reversed.toReversed()).toEqual(chosen)
  expect(splitValidation(items, sides, spec, 2)).not.toEqual(chosen)
})

test('refuses a fraction that sets nothing aside, and words that are not there', () => {
  expect(() => splitValidation(items, sides, { fraction: 0.05, by: 'speaker' }, 1)).toThrow(
    expect.objectContaining({ code: 'VALIDATION_EMPTY_SIDE', kind: 'bad-input' }),
  )
  const wordless = items.map((item) => ({ ...item, word: null }))
  expect(() => splitValidation(wordless, sides, { fraction: 0.2, by: 'word' }, 1)).toThrow(
    expect.objectContaining({ code: 'SPLIT_INVALID' }),
  )
})
