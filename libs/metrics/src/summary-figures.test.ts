import { expect, test } from 'vitest'
import { classFigures } from './class-figures.ts'
import { accuracy, macroF1, unweightedAverageRecall } from './summary-figures.ts'

// Class 3 occurs but is never predicted; class 4 neither occurs nor is predicted.
const confusion = [
  [2, 1, 1, 0, 0],
  [1, 2, 0, 0, 0],
  [1, 0, 1, 0, 0],
  [0, 1, 0, 0, 0],
  [0, 0, 0, 0, 0],
]
const labels = ['a', 'b', 'c', 'd', 'e']

test('gives the figures of each class as scikit-learn does with zero_division=0', () => {
  // scikit-learn 1.9.1: precision_recall_fscore_support(truth, predicted, labels=range(5), zero_division=0)
  const figures = classFigures(confusion, labels)
  expect(figures.map(({ label }) => label)).toEqual(labels)
  expect(figures.map(({ support }) => support)).toEqual([4, 3, 2, 1, 0])
  expect(figures.map(({ precision }) => precision)).toEqual([0.5, 0.5, 0.5, 0, 0])
  expect(figures.map(({ recall }) => recall)).toEqual([0.5, 2 / 3, 0.5, 0, 0])
  expect(figures.map(({ f1 }) => f1)).toEqual([0.5, 4 / 7, 0.5, 0, 0])
})

test('gives accuracy, unweighted average recall and macro F1 as scikit-learn does', () => {
  // scikit-learn 1.9.1: accuracy_score, balanced_accuracy_score, f1_score(average='macro')
  expect(accuracy(confusion)).toBe(0.5)
  expect(unweightedAverageRecall(confusion)).toBeCloseTo(0.41666666666666663, 12)
  expect(macroF1(confusion)).toBeCloseTo(0.39285714285714285, 12)
})

test('counts a class that is only predicted in macro F1, but not in unweighted average recall', () => {
  const onlyPredicted = [
    [1, 1],
    [0, 0],
  ]
  expect(unweightedAverageRecall(onlyPredicted)).toBe(0.5)
  // F1 of the first class is 2 / 3, of the second 0.
  expect(macroF1(onlyPredicted)).toBeCloseTo(1 / 3, 12)
})

test('weighs a rare class as much as a frequent one', () => {
  const unbalanced = [
    [98, 0],
    [2, 0],
  ]
  expect(accuracy(unbalanced)).toBe(0.98)
  expect(unweightedAverageRecall(unbalanced)).toBe(0.5)
})

test('is zero of nothing', () => {
  const empty = [
    [0, 0],
    [0, 0],
  ]
  expect([accuracy(empty), unweightedAverageRecall(empty), macroF1(empty)]).toEqual([0, 0, 0])
})

test('refuses labels that are not as many as the classes', () => {
  expect(() => classFigures(confusion, ['a'])).toThrow('1 labels for 5 classes')
})
