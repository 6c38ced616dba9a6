import type { Tensor, Tensor3D } from '@tensorflow/tfjs'
import { createFusedGates, createFusedLstm } from './run-fused-lstm.ts'
import type { Tensorflow } from './load-tensorflow.ts'

export type LstmWeights = {
  /** [inputs, 4 units], gates in the order i, f, c, o. */
  readonly kernel: Tensor
  /** [units, 4 units] */
  readonly recurrentKernel: Tensor
  /** [4 units] */
  readonly bias: Tensor
}

/**
 * LSTM layers one upon the other over a whole sequence from a zero state, as Keras' `LSTM` with its defaults (tanh, recurrent
 * sigmoid). Differentiable in the input and all weights.
 *
 * @param sequence [steps, batch, inputs], time first
 * @returns the outputs of the last layer at all steps, [steps, batch, units]
 */
export type RunLstm = (sequence: Tensor3D, layers: readonly LstmWeights[]) => Tensor3D

/** An LSTM, and what frees what it keeps of the backend. */
export type Lstm = { readonly run: RunLstm; readonly dispose: () => void }

/** One step from a zero state: the product of inputs and kernel, [batch, 4 units], and a bias, to the outputs, [batch, units]. */
export type ApplyGates = (product: Tensor, bias: Tensor) => Tensor

/** The fastest LSTM that the backend has. */
export function createLstm(tf: Tensorflow): Lstm {
  const fused = tf.getBackend() === 'tensorflow' ? createFusedLstm(tf) : undefined
  const runSteps = fused?.run ?? createPlainLstm(tf)
  const runStep = createSingleStepLstm(tf)
  return {
    run: (sequence, layers) => (sequence.shape[0] === 1 ? runStep : runSteps)(sequence, layers),
    dispose: () => fused?.dispose(),
  }
}

/**
 * The LSTM over a sequence of one step. It has no state yet: the recurrent kernel and the forget gate have no part in it, and
 * nearly half of the work falls away.
 */
export function createSingleStepLstm(tf: Tensorflow): RunLstm {
  const applyGates = tf.getBackend() === 'tensorflow' ? createFusedGates(tf) : createPlainGates(tf)
  return layerByLayer(tf, (sequence, { kernel, recurrentKernel, bias }) => {
    const [, batch, inputs] = sequence.shape
    const product = sequence.reshape([batch, inputs]).matMul(kernel)
    return applyGates(product, bias).as3D(1, batch, recurrentKernel.shape[0])
  })
}

/** What `createFusedGates` computes, with ordinary operations. */
export function createPlainGates(tf: Tensorflow): ApplyGates {
  return (product, bias) => {
    const [input, , candidate, output] = tf.split(product.add(bias), 4, 1)
    const carry = input.sigmoid().mul(candidate.tanh())
    return output.sigmoid().mul(carry.tanh())
  }
}

/**
 * The LSTM written with ordinary operations, for any backend.
 * (tfjs' own layer cannot train sequences of one step: the gradient of `unstack` fails for one output.)
 */
export function createPlainLstm(tf: Tensorflow): RunLstm {
  return layerByLayer(tf, (sequence, { kernel, recurrentKernel, bias }) => {
    const [steps, batch, inputs] = sequence.shape
    const units = recurrentKernel.shape[0]
    // One product for all steps.
    const inputGates = sequence
      .reshape([steps * batch, inputs])
      .matMul(kernel)
      .add(bias)
      .as3D(steps, batch, 4 * units)
    let state = { output: tf.zeros([batch, units]), carry: tf.zeros([batch, units]) }
    const outputs = unstackSteps(tf, inputGates).map((gates) => {
      state = advance(tf, gates.add(state.output.matMul(recurrentKernel)), state.carry)
      return state.output
    })
    return tf.stack(outputs).as3D(steps, batch, units)
  })
}

function layerByLayer(tf: Tensorflow, run: (sequence: Tensor3D, weights: LstmWeights) => Tensor3D): RunLstm {
  return (sequence, layers) => tf.tidy(() => layers.reduce(run, sequence))
}

function unstackSteps(tf: Tensorflow, sequence: Tensor3D): Tensor[] {
  const [steps, batch, values] = sequence.shape
  return steps === 1 ? [sequence.reshape([batch, values])] : tf.unstack(sequence)
}

function advance(tf: Tensorflow, gates: Tensor, previousCarry: Tensor): { output: Tensor; carry: Tensor } {
  const [input, forget, candidate, output] = tf.split(gates, 4, 1)
  const carry = forget.sigmoid().mul(previousCarry).add(input.sigmoid().mul(candidate.tanh()))
  return { output: output.sigmoid().mul(carry.tanh()), carry }
}
