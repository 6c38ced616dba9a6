import { expect, test } from 'vitest'
import { confusionMatrix } from './confusion-matrix.ts'

test('counts true classes as rows and predicted classes as columns', () => {
  // scikit-learn 1.9.1: confusion_matrix(truth, predicted, labels=range(5))
  const truth = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3]
  const predicted = [0, 0, 1, 2, 1, 1, 0, 2, 0, 1]
  expect(confusionMatrix(truth, predicted, 5)).toEqual([
    [2, 1, 1, 0, 0],
    [1, 2, 0, 0, 0],
    [1, 0, 1, 0, 0],
    [0, 1, 0, 0, 0],
    [0, 0, 0, 0, 0],
  ])
})

test('is all zeros when nothing was predicted', () => {
  expect(confusionMatrix([], [], 2)).toEqual([
    [0, 0],
    [0, 0],
  ])
})

test('refuses predictions that do not belong to the labels', () => {
  expect(() => confusionMatrix([0, 1], [0], 2)).toThrow('2 true labels, but 1 predictions')
  expect(() => confusionMatrix([0], [2], 2)).toThrow('class 2 is not one of 0 to 1')
  expect(() => confusionMatrix([-1], [0], 2)).toThrow('class -1 is not one of 0 to 1')
  expect(() => confusionMatrix([0.5], [0], 2)).toThrow('class 0.5 is not one of 0 to 1')
})
