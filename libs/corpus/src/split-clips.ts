import type { SplitSpec } from '@ser/contracts'
import { assertNoLeak } from './assert-no-leak.ts'
import { chooseSides } from './choose-sides.ts'
import { corpusError } from './errors.ts'
import { findRoots } from './find-roots.ts'
import { TEST_SIDE, TRAIN_SIDE } from './sides.ts'

/** A clip to be put on a side. `parent` is the clip that this one is a variant of. */
export type SplitItem = {
  readonly sha256: string
  readonly label: string
  readonly speaker: string
  readonly word: string | null
  readonly split: string | null
  /** Every dataset of the run that has the clip; a split by dataset needs it. */
  readonly datasets?: readonly string[]
  readonly parent?: string | null
}

/** `sides[i]` is the side of `items[i]`: `TRAIN_SIDE`, `TEST_SIDE` or `LEFT_OUT`; `train` and `test` count clips. */
export type Split = { readonly sides: Int8Array; readonly train: number; readonly test: number }

/**
 * Divides clips into training and test side without a leak. The result depends on the clips, the spec and the seed, not on
 * the order of `items`. A variant lies on the side of its parent, whatever the kind of split, so `test` as a count or
 * fraction is of original clips (`by: 'clip'`) or of distinct words (`by: 'word'`), and folds are of original clips, words or speakers.
 * A clip that lies in several datasets is on the test side of a split by dataset when one of them is.
 *
 * @throws SerError SPLIT_DUPLICATE_CLIP, SPLIT_INVALID, SPLIT_UNKNOWN_SPEAKER, SPLIT_UNKNOWN_DATASET, SPLIT_EMPTY_SIDE or
 *   SPLIT_LEAK, all bad input
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

function countSide(sides: Int8Array, side: number): number {
  return sides.reduce((count, each) => (each === side ? count + 1 : count), 0)
}
