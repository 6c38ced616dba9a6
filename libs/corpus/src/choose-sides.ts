import type { SplitSpec } from '@ser/contracts'
import { corpusError } from './errors.ts'
import { createRandom, shuffled } from './random.ts'
import { LEFT_OUT, TEST_SIDE, TRAIN_SIDE } from './sides.ts'
import type { SplitItem } from './split-clips.ts'

/** The side of each original clip, as the spec asks. What it says depends on the originals, the spec and the seed. */
export function chooseSides(roots: readonly SplitItem[], spec: SplitSpec, seed: number): (root: SplitItem) => number {
  switch (spec.by) {
    case 'clip':
      return drawSides(roots, clipOf, spec.test, seed, 'clips')
    case 'word':
      return drawSides(roots, wordOf, spec.test, seed, 'words')
    case 'clip-fold':
      return drawFold(roots, clipOf, spec, seed, 'clips')
    case 'word-fold':
      return drawFold(roots, wordOf, spec, seed, 'words')
    case 'speaker-fold':
      return drawFold(roots, speakerOf, spec, seed, 'speakers')
    case 'speaker':
      return namedSides(roots, spec.test, (root) => [root.speaker], 'speaker')
    case 'dataset':
      return namedSides(roots, spec.test, datasetsOf, 'dataset')
    default:
      return manifestSide
  }
}

const clipOf = (root: SplitItem): string => root.sha256
const speakerOf = (root: SplitItem): string => root.speaker

/** Fold k of n: of the keys in a drawn order, the k-th and every n-th after it. */
function drawFold(
  roots: readonly SplitItem[],
  keyOf: (root: SplitItem) => string,
  { folds, fold }: { readonly folds: number; readonly fold: number },
  seed: number,
  what: string,
): (root: SplitItem) => number {
  const keys = [...new Set(roots.map(keyOf))].sort()
  if (folds > keys.length) {
    throw corpusError('SPLIT_INVALID', `${keys.length} ${what} cannot be divided into ${folds} folds`, {
      folds,
      of: keys.length,
    })
  }
  const chosen = new Set(shuffled(keys, createRandom(seed)).filter((_, index) => index % folds === fold - 1))
  return (root) => (chosen.has(keyOf(root)) ? TEST_SIDE : TRAIN_SIDE)
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

/** A clip that has one of the names is on the test side. */
function namedSides(
  roots: readonly SplitItem[],
  test: readonly string[],
  namesOf: (root: SplitItem) => readonly string[],
  what: 'speaker' | 'dataset',
): (root: SplitItem) => number {
  const known = new Set(roots.flatMap(namesOf))
  const unknown = test.filter((name) => !known.has(name))
  if (unknown.length > 0) {
    const code = what === 'speaker' ? 'SPLIT_UNKNOWN_SPEAKER' : 'SPLIT_UNKNOWN_DATASET'
    const some = [...known].sort().slice(0, 50).join(', ')
    throw corpusError(code, `no clip is of the ${what} ${unknown.join(', ')}; the ${what}s are ${some}`)
  }
  const chosen = new Set(test)
  return (root) => (namesOf(root).some((name) => chosen.has(name)) ? TEST_SIDE : TRAIN_SIDE)
}

function datasetsOf(root: SplitItem): readonly string[] {
  if (root.datasets !== undefined && root.datasets.length > 0) return root.datasets
  throw corpusError('SPLIT_INVALID', 'a split by dataset needs the dataset of every clip; this one has none', {
    clip: root.sha256,
  })
}

function manifestSide(root: SplitItem): number {
  if (root.split === 'train') return TRAIN_SIDE
  if (root.split === 'test') return TEST_SIDE
  if (root.split === 'validation') return LEFT_OUT
  const message = `a split by manifest needs train, validation or test for every clip; this one has ${JSON.stringify(root.split)}`
  throw corpusError('SPLIT_INVALID', message, { clip: root.sha256 })
}
