import type { SplitSpec } from '@ser/contracts'
import { corpusError } from './errors.ts'
import { findRoots } from './find-roots.ts'
import { TRAIN_SIDE } from './sides.ts'
import type { SplitItem } from './split-clips.ts'

/**
 * Proves that nothing of one side is on the other: neither a recording and its variant, nor (as the split promises) a word,
 * a speaker, or a clip of a dataset that is tested on.
 *
 * @param sides one per item, as `splitClips` returns them
 * @throws SerError SPLIT_LEAK, naming the two clips on whose account
 */
export function assertNoLeak(items: readonly SplitItem[], sides: ArrayLike<number>, spec: SplitSpec): void {
  if (sides.length !== items.length) throw new RangeError(`${items.length} clips but ${sides.length} sides`)
  const roots = findRoots(items)
  assertOneSide(items, sides, (index) => roots[index].sha256, 'a recording and its variant')
  if (spec.by === 'word' || spec.by === 'word-fold')
    assertOneSide(items, sides, (index) => items[index].word ?? '', 'the same word')
  if (spec.by === 'speaker' || spec.by === 'speaker-fold') {
    assertOneSide(items, sides, (index) => items[index].speaker, 'the same speaker')
  }
  if (spec.by === 'dataset') assertUntrained(items, sides, spec.test)
}

function assertOneSide(
  items: readonly SplitItem[],
  sides: ArrayLike<number>,
  keyOf: (index: number) => string,
  what: string,
): void {
  const firstOfKey = new Map<string, number>()
  for (const [index, item] of items.entries()) {
    const key = keyOf(index)
    const first = firstOfKey.get(key)
    if (first === undefined) firstOfKey.set(key, index)
    else if (sides[first] !== sides[index]) {
      throw corpusError('SPLIT_LEAK', `${what} would lie on both sides: ${key}`, {
        clip: item.sha256,
        other: items[first].sha256,
      })
    }
  }
}

function assertUntrained(items: readonly SplitItem[], sides: ArrayLike<number>, test: readonly string[]): void {
  for (const [index, item] of items.entries()) {
    const tested = item.datasets?.find((name) => test.includes(name))
    if (tested === undefined || sides[index] !== TRAIN_SIDE) continue
    const message = `a clip of ${tested}, which is tested on, would lie on the training side, because what it is a variant of does`
    throw corpusError('SPLIT_LEAK', message, { clip: item.sha256, other: item.parent ?? item.sha256 })
  }
}
