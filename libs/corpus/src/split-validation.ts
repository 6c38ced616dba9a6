import type { ValidationSpec } from '@ser/contracts'
import { corpusError } from './errors.ts'
import { findRoots } from './find-roots.ts'
import { createRandom, shuffled } from './random.ts'
import { seedFrom } from './seed-from.ts'
import { TRAIN_SIDE } from './sides.ts'
import type { SplitItem } from './split-clips.ts'

/**
 * Sets a part of the training side aside, to look at while training; the test side has no part in it. A variant goes where its
 * original goes, and with `by` word or speaker so do all recordings of that word or speaker. The fraction is of the originals,
 * words or speakers of the training side. The result depends on the clips, the spec and the seed, not on the order of `items`.
 *
 * @param sides one per item, as `splitClips` returns them
 * @returns one per item: whether it is set aside
 * @throws SerError VALIDATION_EMPTY_SIDE when nothing would be set aside or left to train on, SPLIT_INVALID when a clip has no
 *   word to divide by (bad input)
 */
export function splitValidation(
  items: readonly SplitItem[],
  sides: ArrayLike<number>,
  { fraction, by }: ValidationSpec,
  seed: number,
): boolean[] {
  if (sides.length !== items.length) throw new RangeError(`${items.length} clips but ${sides.length} sides`)
  const roots = findRoots(items)
  const isTrained = (index: number) => sides[index] === TRAIN_SIDE
  const keys = roots.map((root, index) => (isTrained(index) ? keysOf(root, items[index], by) : []))
  const groups = connect(keys)
  const distinct = [...new Set(groups.filter((group) => group !== undefined))].sort()
  const wanted = Math.round(fraction * distinct.length)
  if (wanted < 1 || wanted >= distinct.length) {
    const message = `${fraction} of ${distinct.length} ${NAMES[by]} of the training side leaves nothing to validate on`
    throw corpusError('VALIDATION_EMPTY_SIDE', message, { fraction, of: distinct.length })
  }
  const order = shuffled(distinct, createRandom(seedFrom('validation', by, seed)))
  const chosen = new Set(order.slice(0, wanted))
  return groups.map((group) => group !== undefined && chosen.has(group))
}

const NAMES = { clip: 'recordings', word: 'words', speaker: 'speakers' } as const

/** What must stay together with a clip: its original, and by what is divided. A variant's own word and speaker count too. */
function keysOf(root: SplitItem, item: SplitItem, by: ValidationSpec['by']): string[] {
  const original = `clip ${root.sha256}`
  if (by === 'clip') return [original]
  return [original, ...[root, item].map((clip) => `${by} ${by === 'word' ? wordOf(clip) : clip.speaker}`)]
}

function wordOf({ word, sha256 }: SplitItem): string {
  if (word !== null) return word
  throw corpusError('SPLIT_INVALID', 'a validation side by word needs the word of every clip; this one has none', {
    clip: sha256,
  })
}

/** For each item its group: items that share a key, directly or through others, are of one. No keys: no group. */
function connect(keys: readonly (readonly string[])[]): (string | undefined)[] {
  const parents = new Map<string, string>()
  const find = (key: string): string => {
    let top = key
    for (let next = parents.get(top); next !== undefined && next !== top; next = parents.get(top)) top = next
    parents.set(key, top)
    return top
  }
  for (const [first, ...others] of keys) {
    if (first === undefined) continue
    for (const other of others) {
      const [a, b] = [find(first), find(other)].sort()
      // The least key leads, whatever the order of the items.
      parents.set(b, a)
    }
  }
  return keys.map(([first]) => (first === undefined ? undefined : find(first)))
}
