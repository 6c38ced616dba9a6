import { expect, test } from 'vitest'
import type { Result } from './results-file.ts'
import { choose, scoreCandidates, scoreLines } from './score-candidates.ts'

/** Two classes of ten, `right` of each recognised. */
const confusionOf = (right: number) => [
  [right, 10 - right],
  [10 - right, right],
]

function resultsOf(recipe: string, right: { ravdess: number; tess: readonly number[]; noise: number }): Result[] {
  const result = { key: 'k', recipe, fit: 'f', seed: 1, variant: 'clean', trained: 10, seconds: 1 }
  const strangers = [undefined, 1].flatMap((known): Result[] => {
    const few = known === undefined ? {} : { known }
    return [
      { ...result, ...few, task: 'f', name: 'RAVDESS', confusion: confusionOf(known ?? right.ravdess) },
      { ...result, ...few, task: 'c', name: 'O>Y', confusion: confusionOf(known ?? right.tess[0]) },
      { ...result, ...few, task: 'c', name: 'Y>O', confusion: confusionOf(known ?? right.tess[1]) },
    ]
  })
  const inside: Result[] = ['clean', 'train-3'].map((variant) => ({
    ...result,
    task: 'v',
    name: 'TESS',
    variant,
    confusion: confusionOf(variant === 'clean' ? 10 : right.noise),
  }))
  return [...strangers, ...inside]
}

const scores = scoreCandidates([
  ...resultsOf('for TESS', { ravdess: 9, tess: [2, 4], noise: 7 }),
  ...resultsOf('for RAVDESS', { ravdess: 2, tess: [8, 6], noise: 7 }),
  ...resultsOf('for both', { ravdess: 7, tess: [6, 6], noise: 7 }),
])

test('scores each kind of stranger, both directions of TESS as one, and noise without what is clean', () => {
  const [{ ravdess, tess, noise, single }] = scores
  expect([ravdess.mean, tess.mean, noise.mean, single.mean]).toEqual([0.9, expect.closeTo(0.3), 0.7, 0.1])
})

test('chooses for a corpus by the other one, and to ship by all', () => {
  expect(choose(scores)).toEqual({ tess: 'for TESS', ravdess: 'for RAVDESS', shipped: 'for both' })
  expect(scoreLines(scores).at(2)).toBe('| for TESS | 90.0 | 30.0 | 70.0 | 10.0 |')
})
