import { expect, test } from 'vitest'
import type { Result } from './results-file.ts'
import { summarise, tableLines } from './summarise-results.ts'

const result: Result = {
  key: 'k',
  recipe: 'paper',
  fit: 'fold 1',
  seed: 1,
  task: 'f',
  name: 'RAVDESS',
  variant: 'clean',
  confusion: [],
  trained: 10,
  seconds: 1,
}

test('adds up the folds of a seed before it takes a figure, and the interval over seeds', () => {
  const rows = summarise([
    {
      ...result,
      confusion: [
        [1, 1],
        [0, 0],
      ],
    },
    {
      ...result,
      fit: 'fold 2',
      confusion: [
        [2, 0],
        [0, 4],
      ],
    },
    {
      ...result,
      seed: 2,
      confusion: [
        [4, 0],
        [0, 4],
      ],
    },
  ])
  expect(rows).toHaveLength(1)
  const { uar, accuracy } = rows[0].figures['paper']
  // Seed 1: recalls 3/4 and 1; 7 of 8 right.
  expect(uar.mean).toBeCloseTo((0.875 + 1) / 2, 12)
  expect(accuracy.mean).toBeCloseTo((0.875 + 1) / 2, 12)
  expect(uar.count).toBe(2)
})

test('keeps apart noises and how many recordings of a speaker are known, and leaves a cell empty that was not measured', () => {
  const confusion = [
    [3, 1],
    [1, 3],
  ]
  const rows = summarise([
    { ...result, task: 'c', confusion, known: 3 },
    { ...result, task: 'c', confusion },
    { ...result, task: 'e', recipe: 'robust', confusion, variant: 'pink 0' },
  ])
  expect(tableLines(rows, ['paper', 'robust']).slice(2)).toEqual([
    '| (c) | RAVDESS | 3 known | 75.0 | 75.0 |  |  |',
    '| (c) | RAVDESS | clean | 75.0 | 75.0 |  |  |',
    '| (e) | RAVDESS | pink 0 dB |  |  | 75.0 | 75.0 |',
  ])
})
