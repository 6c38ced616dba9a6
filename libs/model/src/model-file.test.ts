import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunSpec } from '@ser/contracts'
import { afterAll, describe, expect, test } from 'vitest'
import { buildModel, type BuildOptions, type Model } from './build-model.ts'
import type { Architecture } from './describe-architecture.ts'
import { decodeSafetensors, encodeSafetensors } from './encode-safetensors.ts'
import { exportTfjsModel, MASK_VALUE } from './export-tfjs-model.ts'
import { createGenerator } from './generate-random.ts'
import { loadTensorflow } from './load-tensorflow.ts'
import { loadModel } from './load-model.ts'
import type { ModelDescription } from './model-file.ts'
import { saveModel } from './save-model.ts'
import { fitNormalisation, normaliseInputs } from './normalise-inputs.ts'
import { predictProbabilities } from './predict-probabilities.ts'

const { tf } = await loadTensorflow()
const FEATURES = 12
const folder = mkdtempSync(join(tmpdir(), 'ser-model-'))
afterAll(() => rmSync(folder, { recursive: true }))

const random = createGenerator(9, 'weights')
const vectors = Float32Array.from({ length: 5 * FEATURES }, () => random() * 4 - 2)

const description: ModelDescription = {
  labels: ['a', 'b', 'c'],
  features: {
    spec: { sampleRate: 22_050, nFft: 2048, hopLength: 512, window: 'hann', nMels: 8, nMfcc: 2, pooling: 'mean' },
    extractor: '1',
    groups: ['mel', 'mfcc', 'zcr', 'rms'],
  },
}

const build = (layout: RunSpec['layout'] = 'one-step', changes: Partial<BuildOptions> = {}) =>
  buildModel(tf, {
    layout,
    features: FEATURES,
    lstmUnits: [6, 5],
    denseUnits: 4,
    dropout: 0.2,
    classes: 3,
    seed: 1,
    ...changes,
  })

/** Reads FOLDER/model.json and weights.bin with stock layers on plain JavaScript, and prints the outputs. */
const PLAIN_TFJS = `
import { readFileSync } from 'node:fs'
import tf from '@tensorflow/tfjs'
tf.enableProdMode()
const [folder, input, shape] = process.argv.slice(1)
const { modelTopology, weightsManifest } = JSON.parse(readFileSync(folder + '/model.json', 'utf8'))
const bytes = readFileSync(folder + '/weights.bin')
const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }))
const classes = model.layers.map((layer) => layer.getClassName())
const outputs = Array.from(model.predict(tf.tensor(JSON.parse(input), JSON.parse(shape))).dataSync())
console.log(JSON.stringify({ backend: tf.getBackend(), classes, outputs }))
`

/** What an exported model of stock layers answers in plain TensorFlow.js. */
function runExported(model: Model, input: ArrayLike<number>, shape: readonly number[]) {
  const { modelJson, weights } = exportTfjsModel(model)
  writeFileSync(join(folder, 'model.json'), modelJson)
  writeFileSync(join(folder, 'weights.bin'), weights)
  const values = [folder, JSON.stringify(Array.from(input)), JSON.stringify(shape)]
  const script = ['--input-type=module', '-e', PLAIN_TFJS, ...values]
  const answer = JSON.parse(execFileSync(process.execPath, script, { encoding: 'utf8' }))
  return { modelJson: JSON.parse(modelJson), ...answer }
}

function expectClose(actual: readonly number[], expected: Float32Array) {
  expect(actual).toHaveLength(expected.length)
  // Float32, sums in another order.
  for (const [index, value] of expected.entries()) expect(Math.abs(actual[index] - value)).toBeLessThan(2e-6)
}

describe.each(['one-step', 'steps'] as const)('layout %s', (layout) => {
  test('a saved model predicts the same to the last digit', () => {
    const model = build(layout)
    const expected = predictProbabilities(model, vectors)
    const loaded = loadModel(tf, saveModel(model, description))
    expect(predictProbabilities(loaded.model, vectors)).toEqual(expected)
    expect(loaded.description).toEqual(description)
    expect(saveModel(loaded.model, loaded.description)).toEqual(saveModel(model, description))
    model.dispose()
    loaded.model.dispose()
  })

  test.each([false, true])('an exported model (standardised: %s) answers the same as stock layers', (standard) => {
    const normalisation = fitNormalisation({ vectors, features: FEATURES, standard })
    const model = build(layout, { normalisation })
    const shape = layout === 'one-step' ? [5, 1, FEATURES] : [5, FEATURES, 1]
    const { backend, classes, outputs } = runExported(model, vectors, shape)
    expect(backend).toBe('cpu')
    const input = ['InputLayer', ...(standard ? ['BatchNormalization'] : [])]
    expect(classes).toEqual([...input, 'LSTM', 'LSTM', 'Dense', 'Dropout', 'Dense'])
    expectClose(outputs, predictProbabilities(model, vectors))
    model.dispose()
  })
})

describe.each<[string, Partial<Architecture>]>([
  ['pooled by last', {}],
  ['in both directions', { bidirectional: true }],
  ['pooled by mean', { pooling: 'mean' }],
  ['in both directions, pooled by attention', { pooling: 'attention', bidirectional: true }],
  [
    'with convolutions, in both directions, pooled by attention',
    { pooling: 'attention', bidirectional: true, convolutions: [{ filters: 4, kernel: 3, pool: 2 }] },
  ],
  ['pooled by attentive statistics', { pooling: 'attentive-statistics' }],
])('frames %s', (_name, changes) => {
  const lengths = Uint32Array.of(3, 2)
  const frames = vectors
  const normalisation = fitNormalisation({ vectors: frames, features: FEATURES, decibel: [0, 8], standard: true })

  test('a saved model predicts the same to the last digit', () => {
    const model = build('frames', { ...changes, normalisation })
    const saved = saveModel(model, description)
    const loaded = loadModel(tf, saved)
    expect(predictProbabilities(loaded.model, frames, lengths)).toEqual(predictProbabilities(model, frames, lengths))
    expect(loaded.model.normalisation).toEqual(normalisation)
    expect(saveModel(loaded.model, description)).toEqual(saved)
    expect(decodeSafetensors(saved).metadata['format']).toBe('ser-model/2')
    model.dispose()
    loaded.model.dispose()
  })

  test.skipIf(changes.pooling === 'attentive-statistics')('an exported model answers the same as stock layers', () => {
    const before = tf.memory().numTensors
    const model = build('frames', { ...changes, normalisation })
    const { vectors: decibels } = normaliseInputs({ vectors: frames }, FEATURES, { decibel: [0, 8] })
    const { outputs, modelJson } = runExported(model, decibels, [1, 5, FEATURES])
    expect(modelJson.userDefinedMetadata).toEqual({ decibel: [0, 8] })
    expectClose(outputs, predictProbabilities(model, frames))
    model.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

test('an exported model leaves out frames of nothing but the mask value', () => {
  const normalisation = fitNormalisation({ vectors, features: FEATURES, standard: true })
  const model = build('frames', { normalisation })
  const [first, second] = [vectors.subarray(0, 3 * FEATURES), vectors.subarray(3 * FEATURES)]
  const filled = [...first, ...second, ...Array<number>(FEATURES).fill(MASK_VALUE)]
  const { outputs } = runExported(model, filled, [2, 3, FEATURES])
  expectClose(outputs, predictProbabilities(model, vectors, Uint32Array.of(3, 2)))
  model.dispose()
})

test('refuses to export what stock layers cannot do', () => {
  const model = build('frames', { pooling: 'attentive-statistics' })
  expect(() => exportTfjsModel(model)).toThrow(expect.objectContaining({ code: 'MODEL_NOT_EXPORTABLE' }))
  model.dispose()
})

test('frees every tensor of a loaded model', () => {
  const before = tf.memory().numTensors
  const model = build()
  const loaded = loadModel(tf, saveModel(model, description))
  predictProbabilities(loaded.model, vectors)
  loaded.model.dispose()
  model.dispose()
  expect(tf.memory().numTensors).toBe(before)
})

test('writes safetensors: header length, JSON header, values from a multiple of eight', () => {
  const values = Float32Array.of(1, -2, 0.5)
  const bytes = encodeSafetensors({ tensors: [{ name: 'w', shape: [3], values }], metadata: { format: 'x' } })
  const headerBytes = Number(Buffer.from(bytes).readBigUInt64LE())
  expect(headerBytes % 8).toBe(0)
  expect(JSON.parse(Buffer.from(bytes).toString('utf8', 8, 8 + headerBytes))).toEqual({
    __metadata__: { format: 'x' },
    w: { dtype: 'F32', shape: [3], data_offsets: [0, 12] },
  })
  expect(Buffer.from(bytes).readFloatLE(8 + headerBytes + 8)).toBe(0.5)
  expect(decodeSafetensors(bytes)).toEqual({ tensors: [{ name: 'w', shape: [3], values }], metadata: { format: 'x' } })
})

describe('refuses', () => {
  const model = build()
  const saved = saveModel(model, description)
  model.dispose()
  const rewritten = (metadata: Record<string, string>) => {
    const file = decodeSafetensors(saved)
    return encodeSafetensors({ ...file, metadata: { ...file.metadata, ...metadata } })
  }

  test.each([
    ['an empty file', () => new Uint8Array(0), 'its header is cut off'],
    ['a file cut off in its header', () => saved.slice(0, 40), 'its header is cut off'],
    ['a file cut off in its weights', () => saved.slice(0, -4), 'its tensor dense_2/bias is cut off'],
    ['text', () => Buffer.from('RIFF is not a model, whatever it says'), 'its header is cut off'],
    [
      'another version',
      () => rewritten({ format: 'ser-model/9' }),
      'its format is ser-model/9, not one of ser-model/1, ser-model/2, ser-model/3',
    ],
    ['metadata that are not JSON', () => rewritten({ architecture: '{' }), 'its architecture is not understood'],
    [
      'too few labels',
      () => rewritten({ description: JSON.stringify({ ...description, labels: ['a', 'b'] }) }),
      'it has not one label for each output',
    ],
    [
      'weights of another shape',
      () =>
        rewritten({
          architecture: JSON.stringify({
            layout: 'one-step',
            features: 13,
            lstmUnits: [6, 5],
            denseUnits: 4,
            dropout: 0.2,
            classes: 3,
          }),
        }),
      'its weight lstm_1/kernel is missing or has another shape',
    ],
  ])('%s', (_name, bytes, reason) => {
    const before = tf.memory().numTensors
    expect(() => loadModel(tf, bytes())).toThrow(
      expect.objectContaining({
        code: 'NOT_A_MODEL_FILE',
        kind: 'bad-input',
        message: `this is not a model file: ${reason}`,
      }),
    )
    expect(tf.memory().numTensors).toBe(before)
  })
})
