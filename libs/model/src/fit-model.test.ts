import { createHash } from 'node:crypto'
import type { Epoch, RunSpec } from '@ser/contracts'
import { describe, expect, test } from 'vitest'
import { buildModel, type BuildOptions } from './build-model.ts'
import type { Examples } from './batch-examples.ts'
import { fitModel } from './fit-model.ts'
import type { FitOptions } from './fit-options.ts'
import { createGenerator, standardNormal } from './generate-random.ts'
import { loadTensorflow } from './load-tensorflow.ts'
import type { ModelDescription } from './model-file.ts'
import { saveModel } from './save-model.ts'
import { predictProbabilities } from './predict-probabilities.ts'

const { tf } = await loadTensorflow()
const FEATURES = 12

const architecture = (layout: RunSpec['layout']): BuildOptions => ({
  layout,
  features: FEATURES,
  lstmUnits: [16, 16],
  denseUnits: 8,
  dropout: 0.2,
  classes: 3,
  seed: 11,
})

const description: ModelDescription = {
  labels: ['a', 'b', 'c'],
  features: {
    spec: { sampleRate: 22_050, nFft: 2048, hopLength: 512, window: 'hann', nMels: 8, nMfcc: 2, pooling: 'mean' },
    extractor: 'test',
    groups: ['mel', 'mfcc', 'zcr', 'rms'],
  },
}

/** Three clouds around corners; 100 recordings of 12 values. */
function clouds(seed: number, count = 100): Examples {
  const random = createGenerator(seed, 'weights')
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 3)
  const vectors = Float32Array.from(
    { length: count * FEATURES },
    (_, index) =>
      ((index % FEATURES) % 3 === labels[Math.floor(index / FEATURES)] ? 2 : 0) + standardNormal(random) / 2,
  )
  return { vectors, labels }
}

const options = (changes: Partial<FitOptions> & Pick<FitOptions, 'model'>): FitOptions => ({
  train: clouds(1),
  test: clouds(2),
  epochs: 3,
  batchSize: 32,
  learningRate: 0.01,
  seed: 7,
  ...changes,
})

async function trainOnce(layout: RunSpec['layout'], changes: Partial<FitOptions> = {}) {
  const model = buildModel(tf, architecture(layout))
  const epochs: Omit<Epoch, 'seconds'>[] = []
  const onEpoch = ({ seconds: _seconds, ...figures }: Epoch) => void epochs.push(figures)
  await fitModel(options({ model, onEpoch, ...changes }))
  const artefact = createHash('sha256').update(saveModel(model, description)).digest('hex')
  const probabilities = predictProbabilities(model, clouds(2).vectors)
  model.dispose()
  return { epochs, artefact, probabilities }
}

describe.each(['one-step', 'steps'] as const)('layout %s', (layout) => {
  test('learns clouds that can be told apart', async () => {
    const { epochs, probabilities } = await trainOnce(layout, { epochs: 60 })
    expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
    expect(epochs.at(-1)!.testAccuracy).toBeGreaterThan(0.85)
    expect(epochs.at(-1)!.testLoss).toBeLessThan(epochs[0].testLoss)
    expect(epochs.at(-1)!.trainLoss).toBeLessThan(epochs[0].trainLoss)
    for (let row = 0; row < 100; row++) {
      const sum = probabilities.subarray(3 * row, 3 * row + 3).reduce((a, b) => a + b)
      expect(sum).toBeCloseTo(1, 5)
    }
  })

  test('gives the same numbers and the same bytes twice, and others for another seed', async () => {
    const first = await trainOnce(layout)
    const second = await trainOnce(layout)
    expect(second).toEqual(first)
    const other = await trainOnce(layout, { seed: 6 })
    expect(other.artefact).not.toBe(first.artefact)
  })

  test('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    await trainOnce(layout)
    expect(tf.memory().numTensors).toBe(before)
  })
})

test('reports the test figures of the weights as they are after the epoch', async () => {
  const { epochs, probabilities } = await trainOnce('one-step')
  const { labels } = clouds(2)
  const loss = labels.reduce((total, label, row) => total - Math.log(probabilities[3 * row + label]), 0) / labels.length
  expect(epochs.at(-1)!.testLoss).toBeCloseTo(loss, 5)
})

test('stops between two batches when it is told to, and frees its tensors', async () => {
  const before = tf.memory().numTensors
  const model = buildModel(tf, architecture('one-step'))
  const controller = new AbortController()
  const seen: number[] = []
  const onEpoch = ({ epoch }: Epoch) => {
    seen.push(epoch)
    if (epoch === 2) controller.abort(new Error('enough'))
  }
  const training = fitModel(options({ model, epochs: 1000, onEpoch, signal: controller.signal }))
  await expect(training).rejects.toThrow('enough')
  expect(seen).toEqual([1, 2])
  model.dispose()
  expect(tf.memory().numTensors).toBe(before)
})

test('refuses a side without recordings, and labels that are no class', async () => {
  const model = buildModel(tf, architecture('one-step'))
  const none: Examples = { vectors: new Float32Array(0), labels: new Uint8Array(0) }
  await expect(fitModel(options({ model, test: none }))).rejects.toMatchObject({
    code: 'NOT_ENOUGH_EXAMPLES',
    kind: 'bad-input',
  })
  const wrong = { vectors: new Float32Array(FEATURES), labels: Uint8Array.of(3) }
  await expect(fitModel(options({ model, train: wrong }))).rejects.toThrow('a label on the train side')
  model.dispose()
})

test('refuses features that are not numbers', async () => {
  const model = buildModel(tf, architecture('one-step'))
  const broken = clouds(1)
  broken.vectors[5 * FEATURES] = Number.NaN
  await expect(fitModel(options({ model, train: broken }))).rejects.toMatchObject({
    code: 'FEATURES_NOT_FINITE',
    message: 'recording 5 of the train side has a feature that is not a number',
  })
  model.dispose()
})

test('fails with a reason when the weights are no longer numbers', async () => {
  const model = buildModel(tf, architecture('one-step'))
  await expect(fitModel(options({ model, learningRate: 1e38 }))).rejects.toMatchObject({
    code: 'TRAINING_DIVERGED',
    kind: 'bad-input',
  })
  model.dispose()
})
