import { evaluationSchema } from '@ser/contracts'
import { expect, test } from 'vitest'
import { evaluatePredictions, mostProbable } from './evaluate-predictions.ts'

const labels = ['angry', 'happy', 'sad']

test('evaluates probabilities', () => {
  const evaluation = evaluatePredictions({
    truth: [0, 1, 2],
    probabilities: [0.7, 0.2, 0.1, 0.3, 0.4, 0.3, 0.5, 0.5, 0],
    labels,
  })
  expect(evaluationSchema.parse(evaluation)).toEqual(evaluation)
  expect(evaluation.confusion).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [1, 0, 0],
  ])
  expect(evaluation.accuracy).toBeCloseTo(2 / 3, 12)
  expect(evaluation.uar).toBeCloseTo(2 / 3, 12)
  // F1: 2 / 3, 1 and 0.
  expect(evaluation.macroF1).toBeCloseTo(5 / 9, 12)
  // -(ln 0.7 + ln 0.4 + ln 1e-7) / 3: the impossible third is clipped as Keras clips it.
  expect(evaluation.loss).toBeCloseTo(5.797020442257069, 10)
})

test('takes the first of equally probable classes', () => {
  expect([...mostProbable([0.5, 0.5, 0.2, 0.8], 2)]).toEqual([0, 1])
})

test('refuses what is not a number, and sizes that do not fit', () => {
  expect(() => evaluatePredictions({ truth: [0], probabilities: [Number.NaN, 0, 1], labels })).toThrow(
    'the probability of class 0 of recording 0 is not a number',
  )
  expect(() => evaluatePredictions({ truth: [0], probabilities: [1, 0], labels })).toThrow(
    '2 probabilities for 1 recordings of 3 classes',
  )
})
