import type { Tensor } from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { createGenerator } from './generate-random.ts'
import { glorotUniform, orthogonal } from './initial-weights.ts'
import { loadTensorflow } from './load-tensorflow.ts'
import { createFusedActivation, createPlainActivation } from './run-dense.ts'
import { createFusedGates, createFusedLstm } from './run-fused-lstm.ts'
import { createPlainGates, createPlainLstm, createSingleStepLstm, type ApplyGates, type RunLstm } from './run-lstm.ts'

const { tf, backend } = await loadTensorflow()
const STEPS = 5
const BATCH = 3
const INPUTS = 4
const UNITS = 6

const random = createGenerator(7, 'weights')
const values = (count: number) => Float32Array.from({ length: count }, () => random() * 4 - 2)
const kernelValues = glorotUniform(INPUTS, 4 * UNITS, random)
const recurrentValues = orthogonal(UNITS, 4 * UNITS, random)
const biasValues = values(4 * UNITS)

type Results = { outputs: Float32Array; gradients: Float32Array[] }

/** Outputs, and the gradients of a weighted sum of them in input, kernel, recurrent kernel and bias. */
function differentiate(run: RunLstm, steps: number, input: Float32Array, outputWeights: Float32Array): Results {
  return tf.tidy(() => {
    const loss = (...[x, kernel, recurrentKernel, bias]: Tensor[]) =>
      run(x.as3D(steps, BATCH, INPUTS), [{ kernel, recurrentKernel, bias }])
        .mul(tf.tensor(outputWeights, [steps, BATCH, UNITS]))
        .sum()
        .asScalar()
    const x = tf.tensor3d(input, [steps, BATCH, INPUTS])
    const kernel = tf.tensor2d(kernelValues, [INPUTS, 4 * UNITS])
    const recurrentKernel = tf.tensor2d(recurrentValues, [UNITS, 4 * UNITS])
    const bias = tf.tensor1d(biasValues)
    return {
      outputs: run(x, [{ kernel, recurrentKernel, bias }]).dataSync<'float32'>(),
      gradients: tf
        .grads(loss)([x, kernel, recurrentKernel, bias])
        .map((gradient) => gradient.dataSync<'float32'>()),
    }
  })
}

/** TensorFlow.js' own layer behind the same interface. */
const runStockLayer: RunLstm = (sequence, [{ kernel, recurrentKernel, bias }]) => {
  const cell = tf.layers.lstmCell({ units: UNITS, recurrentActivation: 'sigmoid', recurrentInitializer: 'zeros' })
  const [steps, batch] = sequence.shape
  cell.build([batch, INPUTS])
  // Read by the cell at each step; plain tensors keep the tape to our weights.
  Object.assign(cell, {
    kernel: { read: () => kernel },
    recurrentKernel: { read: () => recurrentKernel },
    bias: { read: () => bias },
  })
  let state: Tensor[] = [tf.zeros([batch, UNITS]), tf.zeros([batch, UNITS])]
  const outputs = Array.from({ length: steps }, (_, step) => {
    const input = sequence.slice([step], [1]).reshape([batch, INPUTS])
    const results = cell.call([input, ...state], {})
    if (!Array.isArray(results)) throw new TypeError('the cell gives its output and its state')
    state = results.slice(1)
    return results[0]
  })
  return tf.stack(outputs).as3D(steps, batch, UNITS)
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((worst, value, index) => Math.max(worst, Math.abs(value - b[index])), 0)
}

const candidates: [string, (() => RunLstm) | undefined][] = [
  ['the fused operation', backend === 'tensorflow' ? () => createFusedLstm(tf).run : undefined],
  ['the plain LSTM', () => createPlainLstm(tf)],
]

describe.each(candidates)('%s', (_name, create) => {
  test.skipIf(create === undefined).each([1, STEPS])('equals the stock layer over %i steps', (steps) => {
    const input = values(steps * BATCH * INPUTS)
    const outputWeights = values(steps * BATCH * UNITS)
    const expected = differentiate(runStockLayer, steps, input, outputWeights)
    const actual = differentiate(create!(), steps, input, outputWeights)
    // Float32 with sums in another order: a few units in the last place of values up to about 10.
    expect(largestDifference(actual.outputs, expected.outputs)).toBeLessThan(1e-6)
    expect(expected.gradients).toHaveLength(4)
    for (const [index, gradient] of expected.gradients.entries()) {
      expect(gradient.some((value) => Math.abs(value) > 1e-3) || (index === 2 && steps === 1)).toBe(true)
      expect(largestDifference(actual.gradients[index], gradient)).toBeLessThan(5e-6)
    }
  })

  test.skipIf(create === undefined)('leaves no tensor behind', () => {
    const run = create!()
    const before = tf.memory().numTensors
    differentiate(run, STEPS, values(STEPS * BATCH * INPUTS), values(STEPS * BATCH * UNITS))
    expect(tf.memory().numTensors).toBe(before)
  })
})

test.skipIf(backend !== 'tensorflow').each([9, 37])(
  'two layers over a batch of %i, the larger in parts, are those of the plain LSTM',
  (batch) => {
    const shapes = [[STEPS, batch, INPUTS], ...layerShapes(INPUTS, UNITS), ...layerShapes(UNITS, 3)]
    const inputs = shapes.map((shape) => values(shape.reduce((product, size) => product * size)))
    const { run, dispose } = createFusedLstm(tf)
    const [fused, plain] = [run, createPlainLstm(tf)].map((each) =>
      tf.tidy(() => {
        const tensors = inputs.map((input, index) => tf.tensor(input, shapes[index]))
        const { value, grads } = tf.valueAndGrads((...[sequence, ...weights]: Tensor[]) => {
          const layers = [weights.slice(0, 3), weights.slice(3)].map(([kernel, recurrentKernel, bias]) => ({
            kernel,
            recurrentKernel,
            bias,
          }))
          // Squared, so that every output has a slope of its own.
          return each(sequence.as3D(STEPS, batch, INPUTS), layers)
            .square()
            .sum()
            .asScalar()
        })(tensors)
        return [value, ...grads].map((tensor) => tensor.dataSync<'float32'>())
      }),
    )
    dispose()
    for (const [index, expected] of plain.entries()) {
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      expect(largest).toBeGreaterThan(0.01)
      expect(largestDifference(fused[index], expected) / largest).toBeLessThan(1e-5)
    }
  },
)

/** Of kernel, recurrent kernel and bias. */
function layerShapes(inputs: number, units: number): number[][] {
  return [[inputs, 4 * units], [units, 4 * units], [4 * units]]
}

describe('one step', () => {
  const gateValues = values(BATCH * 4 * UNITS)

  /** Outputs over one step, and the gradients in input, kernel and bias; the recurrent kernel has none. */
  function differentiateStep(run: RunLstm) {
    return tf.tidy(() => {
      const outputWeights = tf.tensor(gateValues.slice(0, BATCH * UNITS), [1, BATCH, UNITS])
      const recurrentKernel = tf.tensor2d(recurrentValues, [UNITS, 4 * UNITS])
      const inputs: Tensor[] = [
        tf.tensor3d(gateValues.slice(0, BATCH * INPUTS), [1, BATCH, INPUTS]),
        tf.tensor2d(kernelValues, [INPUTS, 4 * UNITS]),
        tf.tensor1d(biasValues),
      ]
      const outputOf = ([x, kernel, bias]: Tensor[]) =>
        run(x.as3D(1, BATCH, INPUTS), [{ kernel, recurrentKernel, bias }])
      const loss = (...given: Tensor[]) => outputOf(given).mul(outputWeights).sum().asScalar()
      const gradients = tf
        .grads(loss)(inputs)
        .map((gradient) => gradient.dataSync<'float32'>())
      return [outputOf(inputs).dataSync<'float32'>(), ...gradients]
    })
  }

  test('equals the stock layer', () => {
    const expected = differentiateStep(runStockLayer)
    const before = tf.memory().numTensors
    const actual = differentiateStep(createSingleStepLstm(tf))
    for (const [index, each] of expected.entries()) {
      expect(each.some((value) => Math.abs(value) > 1e-3)).toBe(true)
      expect(largestDifference(actual[index], each)).toBeLessThan(5e-6)
    }
    expect(tf.memory().numTensors).toBe(before)
  })

  test.skipIf(backend !== 'tensorflow')('has the same gates on every backend', () => {
    const [fused, plain] = [createFusedGates(tf), createPlainGates(tf)].map((apply) =>
      outputsAndGradients(apply, gateValues, 4 * UNITS),
    )
    expect(largestDifference(fused, plain)).toBeLessThan(1e-6)
  })
})

/** What is made of [batch, width] values and a bias, and the gradients of its squares in both. */
function outputsAndGradients(apply: ApplyGates, product: Float32Array, width: number): Float32Array {
  return tf.tidy(() => {
    const inputs: Tensor[] = [tf.tensor2d(product, [BATCH, width]), tf.tensor1d(biasValues.subarray(0, width))]
    const gradients = tf.grads((...[x, bias]: Tensor[]) => apply(x, bias).square().sum())(inputs)
    return Float32Array.from([apply(inputs[0], inputs[1]), ...gradients].flatMap((each) => [...each.dataSync()]))
  })
}

test.skipIf(backend !== 'tensorflow').each(['linear', 'relu'] as const)(
  'a dense layer (%s) is the same on every backend, and leaves no tensor behind',
  (activation) => {
    const product = values(BATCH * UNITS)
    const before = tf.memory().numTensors
    const [fused, plain] = [createFusedActivation(tf, activation), createPlainActivation(tf, activation)].map((apply) =>
      outputsAndGradients(apply, product, UNITS),
    )
    expect(fused.filter((value) => value === 0).length > 0).toBe(activation === 'relu')
    expect(largestDifference(fused, plain)).toBeLessThan(1e-5)
    expect(tf.memory().numTensors).toBe(before)
  },
)
