import type { SplitSpec } from '@ser/contracts'
import { assertNoLeak } from './assert-no-leak.ts'
import { findRoots } from './find-roots.ts'
import { corpusError } from './errors.ts'
import { createRandom, shuffled } from './random.ts'

/** A clip to be put on a side. `parent` is the clip that this one is a variant of. */
export type SplitItem = {
  readonly sha256: string
  readonly label: string
  readonly speaker: string
  readonly word: string | null
  readonly split: string | null
  readonly parent?: string | null
}

export const TRAIN_SIDE = 0
export const TEST_SIDE = 1
/** A clip that the corpus' manifest keeps for validation. */
export const LEFT_OUT = -1

/** `sides[i]` is the side of `items[i]`: `TRAIN_SIDE`, `TEST_SIDE` or `LEFT_OUT`; `train` and `test` count clips. */
export type Split = { readonly sides: Int8Array; readonly train: number; readonly test: number }

/**
 * Divides clips into training and test side without a leak. The result depends on the clips, the spec and the seed, not on
 * the order of `items`. A variant lies on the side of its parent, whatever the kind of split, so `test` as a count or
 * fraction is of original clips (`by: 'clip'`) or of distinct words (`by: 'word'`).
 *
 * @throws SerError SPLIT_DUPLICATE_CLIP, SPLIT_INVALID, SPLIT_UNKNOWN_SPEAKER, SPLIT_EMPTY_SIDE or SPLIT_LEAK, all bad input
 */
export function splitClips(items: readonly SplitItem[], spec: SplitSpec, seed: number): Split {
  const roots = findRoots(items)
  const sideOf = chooseSides(roots, spec, seed)
  const sides = Int8Array.from(roots, sideOf)
  const train = countSide(sides, TRAIN_SIDE)
  const test = countSide(sides, TEST_SIDE)
  if (train === 0 || test === 0) {
    const empty = train === 0 ? 'training' : 'test'
    throw corpusError('SPLIT_EMPTY_SIDE', `the split by ${spec.by} leaves no clip on the ${empty} side`, {
      train,
      test,
    })
  }
  assertNoLeak(items, sides, spec)
  return { sides, train, test }
}

function chooseSides(roots: readonly SplitItem[], spec: SplitSpec, seed: number): (root: SplitItem) => number {
  if (spec.by === 'clip') return drawSides(roots, (root) => root.sha256, spec.test, seed, 'clips')
  if (spec.by === 'word') return drawSides(roots, wordOf, spec.test, seed, 'words')
  if (spec.by === 'speaker') return speakerSides(roots, spec.test)
  return manifestSide
}

function drawSides(
  roots: readonly SplitItem[],
  keyOf: (root: SplitItem) => string,
  test: number,
  seed: number,
  what: string,
): (root: SplitItem) => number {
  const keys = [...new Set(roots.map(keyOf))].sort()
  const wanted = test < 1 ? Math.round(test * keys.length) : test
  if (!Number.isInteger(wanted))
    throw corpusError('SPLIT_INVALID', `test must be a whole number of ${what} or below 1, got ${test}`)
  if (wanted < 1 || wanted >= keys.length) {
    const message = `a test side of ${wanted} of ${keys.length} ${what} leaves a side empty`
    throw corpusError('SPLIT_EMPTY_SIDE', message, { test: wanted, of: keys.length })
  }
  const chosen = new Set(shuffled(keys, createRandom(seed)).slice(0, wanted))
  return (root) => (chosen.has(keyOf(root)) ? TEST_SIDE : TRAIN_SIDE)
}

function wordOf(root: SplitItem): string {
  if (root.word !== null) return root.word
  throw corpusError('SPLIT_INVALID', 'a split by word needs the word of every clip; this one has none', {
    clip: root.sha256,
  })
}

function speakerSides(roots: readonly SplitItem[], test: readonly string[]): (root: SplitItem) => number {
  const known = new Set(roots.map((root) => root.speaker))
  const unknown = test.filter((speaker) => !known.has(speaker))
  if (unknown.length > 0) {
    const message = `no clip is by ${unknown.join(', ')}; the speakers are ${[...known].sort().slice(0, 50).join(', ')}`
    throw corpusError('SPLIT_UNKNOWN_SPEAKER', message)
  }
  const chosen = new Set(test)
  return (root) => (chosen.has(root.speaker) ? TEST_SIDE : TRAIN_SIDE)
}

function manifestSide(root: SplitItem): number {
  if (root.split === 'train') return TRAIN_SIDE
  if (root.split === 'test') return TEST_SIDE
  if (root.split === 'validation') return LEFT_OUT
  const message = `a split by manifest needs train, validation or test for every clip; this one has ${JSON.stringify(root.split)}`
  throw corpusError('SPLIT_INVALID', message, { clip: root.sha256 })
}

function countSide(sides: Int8Array, side: number): number {
  return sides.reduce((count, each) => (each === side ? count + 1 : count), 0)
}
