import { POOLINGS } from '@ser/contracts'
import { describe, expect, test } from 'vitest'
import { arrangeRecordings, drawBatches, partsOf, STEPS_AT_ONCE } from './batch-examples.ts'
import { buildModel, computeLogits, type Model } from './build-model.ts'
import type { Architecture } from './describe-architecture.ts'
import { createGenerator } from './generate-random.ts'
import { loadTensorflow } from './load-tensorflow.ts'
import { predictProbabilities } from './predict-probabilities.ts'

const { tf } = await loadTensorflow()
const FEATURES = 5
const LENGTHS = Uint32Array.of(4, 9, 1, 6)
const LONG_ENOUGH = Uint32Array.of(4, 9, 5, 6)

const architecture: Architecture = {
  layout: 'frames',
  features: FEATURES,
  lstmUnits: [6, 4],
  denseUnits: 8,
  dropout: 0,
  classes: 3,
}

const random = createGenerator(3, 'weights')
const framesOf = (lengths: Uint32Array) =>
  Float32Array.from({ length: FEATURES * lengths.reduce((a, b) => a + b) }, () => random() * 4 - 2)

/** Outputs, and the gradients of a weighted sum of them in every weight, of some recordings as one batch. */
function differentiate(model: Model, vectors: Float32Array, lengths: Uint32Array, chosen: readonly number[]) {
  const batch = arrangeRecordings(model.architecture, vectors, lengths).gather(chosen)
  const { classes } = model.architecture
  const weights = chosen.flatMap((recording) =>
    Array.from({ length: classes }, (_, index) => Math.sin(1 + recording * classes + index)),
  )
  const gradients = new Map<string, Float32Array>()
  let outputs = new Float32Array()
  tf.tidy(() => {
    const loss = () => {
      const logits = computeLogits(model, batch)
      outputs = Float32Array.from(logits.dataSync())
      return logits
        .mul(tf.tensor2d(weights, [chosen.length, classes]))
        .sum()
        .asScalar()
    }
    const { grads } = tf.variableGrads(loss, [...model.weights.values()])
    for (const [name, { name: key, size }] of model.weights) {
      gradients.set(name, key in grads && grads[key] ? grads[key].dataSync<'float32'>() : new Float32Array(size))
    }
  })
  return { outputs, gradients }
}

const CASES: [string, Partial<Architecture>, Uint32Array][] = [
  ...POOLINGS.flatMap((pooling): [string, Partial<Architecture>, Uint32Array][] => [
    [pooling, { pooling }, LENGTHS],
    [`${pooling}, in both directions`, { pooling, bidirectional: true }, LENGTHS],
  ]),
  [
    'convolutions, in both directions, with attentive statistics',
    {
      convolutions: [
        { filters: 7, kernel: 3, pool: 2 },
        { filters: 6, kernel: 5, pool: 1 },
      ],
      bidirectional: true,
      pooling: 'attentive-statistics',
    },
    LONG_ENOUGH,
  ],
]

describe.each(CASES)('a batch of sequences of unequal length, pooled by %s', (_name, changes, lengths) => {
  test('gives the outputs and gradients of each sequence alone', () => {
    const model = buildModel(tf, { ...architecture, ...changes, seed: 1 })
    const vectors = framesOf(lengths)
    const together = differentiate(model, vectors, lengths, [0, 1, 2, 3])
    const alone = [0, 1, 2, 3].map((recording) => differentiate(model, vectors, lengths, [recording]))
    const outputs = alone.flatMap(({ outputs: values }) => [...values])
    for (const [index, value] of outputs.entries()) expect(together.outputs[index]).toBeCloseTo(value, 5)
    for (const [name, gradient] of together.gradients) {
      const expected = gradient.map((_, at) => alone.reduce((sum, each) => sum + each.gradients.get(name)![at], 0))
      expect(
        expected.some((value) => Math.abs(value) > 1e-5),
        name,
      ).toBe(true)
      // Float32, sums in another order.
      for (const [at, value] of expected.entries()) expect(Math.abs(gradient[at] - value)).toBeLessThan(2e-5)
    }
    model.dispose()
  })

  test('predicts the same for a recording whatever it is predicted with, and leaves no tensor behind', () => {
    const before = tf.memory().numTensors
    const model = buildModel(tf, { ...architecture, ...changes, seed: 2 })
    const vectors = framesOf(lengths)
    const all = predictProbabilities(model, vectors, lengths)
    const first = predictProbabilities(model, vectors.subarray(0, lengths[0] * FEATURES))
    for (const [index, value] of first.entries()) expect(all[index]).toBeCloseTo(value, 5)
    model.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

test('refuses a recording of which the convolutions leave nothing', () => {
  const model = buildModel(tf, { ...architecture, convolutions: [{ filters: 2, kernel: 3, pool: 4 }], seed: 1 })
  expect(() => predictProbabilities(model, framesOf(LENGTHS), LENGTHS)).toThrow(
    expect.objectContaining({ code: 'SEQUENCE_TOO_SHORT', kind: 'bad-input' }),
  )
  model.dispose()
})

describe('batches', () => {
  const lengths = Uint32Array.from({ length: 1000 }, (_, index) => 20 + ((index * 7919) % 281))
  const vectors = new Float32Array(lengths.reduce((a, b) => a + b))
  const recordings = arrangeRecordings({ ...architecture, features: 1 }, vectors, lengths)

  test('take each recording once, and fill up little', () => {
    const batches = drawBatches(recordings, 32, createGenerator(1, 'shuffle'))
    expect(batches.flatMap((batch) => [...batch]).toSorted((a, b) => a - b)).toEqual(Array.from(lengths.keys()))
    const read = batches.reduce((sum, batch) => sum + batch.length * Math.max(...[...batch].map((i) => lengths[i])), 0)
    // Unsorted, nearly every batch is as long as the longest recording: 1.85 times as much as there is.
    expect(read / vectors.length).toBeLessThan(1.15)
  })

  test('are the same for the same seed, and others in the next epoch', () => {
    const generator = createGenerator(1, 'shuffle')
    const first = drawBatches(recordings, 32, generator)
    expect(drawBatches(recordings, 32, createGenerator(1, 'shuffle'))).toEqual(first)
    expect(drawBatches(recordings, 32, generator)).not.toEqual(first)
  })

  test('that are too long for the memory are divided, a recording never', () => {
    const all = Uint32Array.from(lengths.keys())
    const parts = partsOf(all, (recording) => lengths[recording])
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.flatMap((part) => [...part])).toEqual([...all])
    for (const part of parts) {
      expect(part.length * Math.max(...[...part].map((i) => lengths[i]))).toBeLessThanOrEqual(STEPS_AT_ONCE)
    }
    expect(partsOf(Uint32Array.of(0), () => 10 * STEPS_AT_ONCE)).toEqual([Uint32Array.of(0)])
  })
})
