import { createHash } from 'node:crypto'
import type { EarlyStopping, Schedule } from '@ser/contracts'
import { describe, expect, test } from 'vitest'
import type { Examples } from './batch-examples.ts'
import { buildModel, type BuildOptions } from './build-model.ts'
import { fitModel } from './fit-model.ts'
import type { EpochFigures, FitOptions } from './fit-options.ts'
import { createGenerator, standardNormal } from './generate-random.ts'
import { loadTensorflow } from './load-tensorflow.ts'
import { fitNormalisation, normaliseInputs } from './normalise-inputs.ts'
import { predictProbabilities } from './predict-probabilities.ts'
import { scheduledRate } from './schedule-rate.ts'
import { balancedWeights, differentiateLoss } from './score-logits.ts'
import { noMoments, updateWeights } from './update-weights.ts'

const { tf } = await loadTensorflow()
const FEATURES = 4

/** Sequences of 3 to 8 frames whose class shows in a quarter of their values only. */
function sequences(seed: number, count: number): Required<Omit<Examples, 'speakers' | 'domains'>> {
  const random = createGenerator(seed, 'weights')
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 3)
  const lengths = Uint32Array.from({ length: count }, () => 3 + Math.floor(6 * random()))
  const vectors = Array.from(labels, (label, recording) =>
    Array.from({ length: lengths[recording] * FEATURES }, (_, at) =>
      at % FEATURES === label ? 1 + standardNormal(random) : standardNormal(random),
    ),
  ).flat()
  return { vectors: Float32Array.from(vectors), labels, lengths }
}

const network: BuildOptions = {
  layout: 'frames',
  features: FEATURES,
  lstmUnits: [8],
  denseUnits: 8,
  dropout: 0.2,
  classes: 3,
  bidirectional: true,
  pooling: 'attention',
  convolutions: [{ filters: 6, kernel: 3, pool: 2 }],
  seed: 4,
}

const sides = { train: sequences(1, 90), test: sequences(2, 45), validation: sequences(3, 45) }

type Changes = Partial<Omit<FitOptions, 'model'>>

async function train(changes: Changes = {}) {
  const model = buildModel(tf, network)
  const epochs: Omit<EpochFigures, 'seconds'>[] = []
  const onEpoch = ({ seconds: _seconds, ...figures }: EpochFigures) => void epochs.push(figures)
  const recipe = { epochs: 4, batchSize: 16, learningRate: 0.01, seed: 5 }
  const result = await fitModel({ model, ...sides, ...recipe, onEpoch, ...changes })
  const weights = createHash('sha256')
  for (const weight of model.weights.values()) weights.update(weight.dataSync<'float32'>())
  const { lengths, vectors } = sides.validation
  const probabilities = predictProbabilities(model, vectors, lengths)
  model.dispose()
  return { epochs, result, weights: weights.digest('hex'), probabilities }
}

const stopping = (changes: Partial<EarlyStopping> = {}): EarlyStopping => ({
  monitor: 'loss',
  patience: 2,
  minDelta: 0,
  restoreBest: true,
  ...changes,
})

const everything: Changes = {
  epochs: 6,
  earlyStopping: stopping({ patience: 5, monitor: 'uar' }),
  schedule: { kind: 'plateau', monitor: 'loss', patience: 1, factor: 0.5, minDelta: 0.5, minRate: 0 },
  classWeights: 'balanced',
  labelSmoothing: 0.1,
  weightDecay: 0.01,
  clipNorm: 0.5,
  noise: 0.1,
}

describe('a training that goes on from a checkpoint', () => {
  test.each([1, 2, 5])('gives the numbers of an unbroken one to the last digit, after epoch %i', async (stop) => {
    const checkpoints = new Map<number, Uint8Array>()
    const unbroken = await train({ ...everything, onCheckpoint: (bytes, epoch) => void checkpoints.set(epoch, bytes) })
    const resumed = await train({ ...everything, resumeFrom: checkpoints.get(stop)! })
    expect(resumed.weights).toBe(unbroken.weights)
    expect(resumed.epochs).toEqual(unbroken.epochs.slice(stop))
    expect(resumed.probabilities).toEqual(unbroken.probabilities)
    expect(resumed.result.resumedAfter).toBe(stop)
    expect(resumed.result.weightsOfEpoch).toBe(unbroken.result.weightsOfEpoch)
  })

  test('is refused when the checkpoint is of another training, or damaged', async () => {
    const checkpoints: Uint8Array[] = []
    await train({ epochs: 2, checkpointEvery: 2, onCheckpoint: (bytes) => void checkpoints.push(bytes) })
    expect(checkpoints).toHaveLength(1)
    const before = tf.memory().numTensors
    const model = buildModel(tf, network)
    const fit = (changes: Changes) =>
      fitModel({ model, ...sides, epochs: 2, batchSize: 16, learningRate: 0.01, seed: 5, ...changes })
    const unusable = { code: 'CHECKPOINT_UNUSABLE', kind: 'conflict' }
    await expect(fit({ resumeFrom: checkpoints[0], seed: 6 })).rejects.toMatchObject(unusable)
    await expect(fit({ resumeFrom: checkpoints[0], train: sequences(9, 90) })).rejects.toMatchObject(unusable)
    await expect(fit({ resumeFrom: checkpoints[0].slice(0, -4) })).rejects.toMatchObject(unusable)
    await expect(fit({ resumeFrom: Buffer.from('nonsense') })).rejects.toMatchObject(unusable)
    model.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

test('the same options give the same numbers twice, and no tensor is left', async () => {
  const before = tf.memory().numTensors
  const first = await train(everything)
  expect(tf.memory().numTensors).toBe(before)
  const second = await train(everything)
  expect(second.weights).toBe(first.weights)
  expect(second.epochs).toEqual(first.epochs)
  expect(first.result.memory.peakTensorBytes).toBeGreaterThan(10_000)
  expect(first.result.memory.peakRssBytes).toBeGreaterThan(50_000_000)
})

test.each<[string, Changes]>([
  [
    'class weights',
    { classWeights: 'balanced', train: { ...sides.train, labels: sides.train.labels.map((l) => l & 1) } },
  ],
  ['label smoothing', { labelSmoothing: 0.1 }],
  ['weight decay', { weightDecay: 0.01 }],
  ['clipping', { clipNorm: 0.01 }],
  ['noise', { noise: 0.1 }],
])('%s change the numbers', async (_name, changes) => {
  const { classWeights: _weights, labelSmoothing: _smoothing, weightDecay: _decay, ...plain } = changes
  const { clipNorm: _norm, noise: _noise, ...without } = plain
  expect((await train(changes)).weights).not.toBe((await train(without)).weights)
})

describe('early stopping', () => {
  test('ends when patience is over and restores the best epoch', async () => {
    const { epochs, result, probabilities } = await train({ epochs: 200, earlyStopping: stopping() })
    expect(result.stoppedEarly).toBe(true)
    expect(result.epochs).toBe(epochs.length)
    expect(epochs.length).toBeLessThan(200)
    const losses = epochs.map(({ validation }) => validation!.loss)
    const best = losses.indexOf(Math.min(...losses))
    expect(result.weightsOfEpoch).toBe(best + 1)
    expect(epochs.length).toBe(best + 1 + 2)
    const { labels } = sides.validation
    const loss = labels.reduce((sum, label, row) => sum - Math.log(probabilities[3 * row + label]), 0) / labels.length
    expect(loss).toBeCloseTo(losses[best], 5)
  })

  test('keeps the last weights unless they are to be restored', async () => {
    const { result, epochs } = await train({ epochs: 200, earlyStopping: stopping({ restoreBest: false }) })
    expect(result).toMatchObject({ stoppedEarly: true, weightsOfEpoch: epochs.length })
  })

  test('needs a validation side', async () => {
    const { validation: _validation, ...two } = sides
    const model = buildModel(tf, network)
    const recipe = { model, ...two, epochs: 1, batchSize: 8, learningRate: 0.1, seed: 1, earlyStopping: stopping() }
    await expect(fitModel(recipe)).rejects.toThrow('early stopping needs a validation side')
    model.dispose()
  })
})

const rateAt = (schedule: Schedule | undefined, done: number, plateauFactor = 1) =>
  scheduledRate(schedule, 0.1, { done, step: 0.25, epochs: 10, plateauFactor })

describe('the learning rate', () => {
  test('is constant without a schedule', () => expect(rateAt(undefined, 9)).toBe(0.1))

  test('rises over the warm-up and falls as half a cosine', () => {
    const cosine: Schedule = { kind: 'cosine', warmupEpochs: 2, finalFactor: 0.1 }
    expect([0, 0.75, 1.75, 2, 6, 10].map((done) => Number(rateAt(cosine, done).toFixed(6)))).toEqual([
      0.0125, 0.05, 0.1, 0.1, 0.055, 0.01,
    ])
  })

  test('falls by a factor after every epoch, or after several', () => {
    expect(rateAt({ kind: 'exponential', factor: 0.5 }, 2.75)).toBeCloseTo(0.025, 10)
    expect(rateAt({ kind: 'step', factor: 0.5, everyEpochs: 3 }, 5.9)).toBeCloseTo(0.05, 10)
  })

  test('falls on a plateau, not below its least', async () => {
    const plateau: Schedule = {
      kind: 'plateau',
      monitor: 'loss',
      patience: 1,
      factor: 0.1,
      minDelta: 100,
      minRate: 2e-4,
    }
    expect(rateAt(plateau, 3, 0.5)).toBe(0.05)
    const { epochs } = await train({ schedule: plateau })
    const rates = epochs.map(({ learningRate }) => Number(learningRate.toFixed(8)))
    // The first epoch is the best so far; each later one is no better by 100.
    expect(rates).toEqual([0.01, 0.01, 0.001, 0.0002])
  })
})

describe('the normalisation', () => {
  const vectors = Float32Array.of(1, 5, 0, 3, 5, 100)

  test('takes mean and deviation of each value, and leaves constants alone', () => {
    const normalisation = fitNormalisation({ vectors, features: 3, standard: true })
    expect([...normalisation.standard!.mean]).toEqual([2, 5, 50])
    expect([...normalisation.standard!.deviation]).toEqual([1, 1, 50])
    expect([...normaliseInputs({ vectors }, 3, normalisation).vectors]).toEqual([-1, 0, -1, 1, 0, 1])
    expect([...vectors]).toEqual([1, 5, 0, 3, 5, 100])
  })

  test('turns power into decibels with a floor, in its columns alone', () => {
    const normalisation = fitNormalisation({ vectors, features: 3, decibel: [2, 3] })
    expect([...normaliseInputs({ vectors }, 3, normalisation).vectors]).toEqual([1, 5, -100, 3, 5, 20])
  })

  test('is of no consequence when it is absent', () => {
    expect(normaliseInputs({ vectors }, 3).vectors).toBe(vectors)
  })
})

test.each([
  ['recordings', { labels: Uint8Array.of(1, 2) }],
  [
    'mixed recordings',
    { labels: Uint8Array.of(1, 2), others: { labels: Uint8Array.of(2, 0), shares: Float64Array.of(0.75, 0.5) } },
  ],
])('the slope of the loss of %s is that of its finite differences', (_name, targets) => {
  const options = { classes: 3, labelSmoothing: 0.2, classWeights: Float64Array.of(1, 2, 0.5) }
  const logits = Float32Array.of(0.5, -1, 2, 1, 1, -0.5)
  const lossAt = (values: Float32Array) => differentiateLoss(values, targets, options, 4).score.lossSum / 4
  const { gradient } = differentiateLoss(logits, targets, options, 4)
  for (const [index, slope] of gradient.entries()) {
    const [low, high] = [-1, 1].map((sign) =>
      lossAt(logits.map((value, at) => value + (at === index ? sign / 128 : 0))),
    )
    expect(slope).toBeCloseTo(64 * (high - low), 4)
  }
})

test('balanced weights make the classes count the same', () => {
  const weights = balancedWeights(Uint8Array.of(0, 0, 0, 1), 3)
  expect([...weights]).toEqual([4 / 6, 2, 0])
})

test('Adam takes the steps that TensorFlow.js takes', () => {
  const values = Float32Array.of(1, -2, 3)
  const weights = new Map([['w', values.slice()]])
  const moments = noMoments(weights)
  const variable = tf.variable(tf.tensor1d(values))
  const adam = tf.train.adam(0.01, 0.9, 0.999, 1e-7)
  for (const scale of [1, -0.5, 2]) {
    const gradient = Float32Array.of(0.3 * scale, -scale, 2)
    updateWeights(weights, new Map([['w', gradient]]), moments, { rate: 0.01 })
    tf.tidy(() => adam.applyGradients([{ name: variable.name, tensor: tf.tensor1d(gradient) }]))
  }
  const expected = variable.dataSync<'float32'>()
  for (const [index, value] of weights.get('w')!.entries()) expect(value).toBeCloseTo(expected[index], 5)
  adam.dispose()
  variable.dispose()
})

test('weight decay shrinks kernels and leaves biases', () => {
  const weights = new Map([
    ['a/kernel', Float32Array.of(1)],
    ['a/bias', Float32Array.of(1)],
  ])
  updateWeights(weights, new Map(), noMoments(weights), { rate: 0.1, weightDecay: 0.5 })
  expect(weights.get('a/kernel')![0]).toBeCloseTo(0.95, 6)
  expect(weights.get('a/bias')![0]).toBe(1)
})
