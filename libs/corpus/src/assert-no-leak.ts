import type { SplitSpec } from '@ser/contracts'
import { corpusError } from './errors.ts'
import { findRoots } from './find-roots.ts'
import type { SplitItem } from './split-clips.ts'

/**
 * Proves that nothing of one side is on the other: neither a recording and its variant, nor (as the split promises) a word
 * or a speaker.
 *
 * @param sides one per item, as `splitClips` returns them
 * @throws SerError SPLIT_LEAK, naming the clip on whose account
 */
export function assertNoLeak(items: readonly SplitItem[], sides: ArrayLike<number>, spec: SplitSpec): void {
  if (sides.length !== items.length) throw new RangeError(`${items.length} clips but ${sides.length} sides`)
  const roots = findRoots(items)
  assertOneSide(items, sides, (index) => roots[index].sha256, 'a recording and its variant')
  if (spec.by === 'word') assertOneSide(items, sides, (index) => items[index].word ?? '', 'the same word')
  if (spec.by === 'speaker') assertOneSide(items, sides, (index) => items[index].speaker, 'the same speaker')
}

function assertOneSide(
  items: readonly SplitItem[],
  sides: ArrayLike<number>,
  keyOf: (index: number) => string,
  what: string,
): void {
  const sideOfKey = new Map<string, number>()
  for (const [index, item] of items.entries()) {
    const key = keyOf(index)
    const side = sideOfKey.get(key)
    if (side === undefined) sideOfKey.set(key, sides[index])
    else if (side !== sides[index]) {
      throw corpusError('SPLIT_LEAK', `${what} would lie on both sides: ${key}`, { clip: item.sha256 })
    }
  }
}
