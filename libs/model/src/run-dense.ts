import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import type { Tensorflow } from './load-tensorflow.ts'
import { floatAttributes, nodeBackend } from './node-backend.ts'

export type DenseWeights = {
  /** [inputs, units] */
  readonly kernel: Tensor
  /** [units] */
  readonly bias: Tensor
}

/** A dense layer, [batch, inputs] to [batch, units]. Differentiable in the input and all weights. */
export type RunDense = (input: Tensor2D, weights: DenseWeights, activation: Activation) => Tensor2D

type Activation = 'linear' | 'relu'

type Activate = (product: Tensor, bias: Tensor) => Tensor

/** The dense layer of the fewest operations that the backend has. */
export function createDense(tf: Tensorflow): RunDense {
  const create = tf.getBackend() === 'tensorflow' ? createFusedActivation : createPlainActivation
  const activations = { linear: create(tf, 'linear'), relu: create(tf, 'relu') }
  return (input, { kernel, bias }, activation) => {
    const [batch] = input.shape
    return activations[activation](input.matMul(kernel), bias).as2D(batch, bias.shape[0])
  }
}

/** Bias and activation with ordinary operations. */
export function createPlainActivation(_tf: Tensorflow, activation: Activation): Activate {
  return (product, bias) => {
    const sum = product.add(bias)
    return activation === 'relu' ? sum.relu() : sum
  }
}

/** The same with libtensorflow's own gradients: `ReluGrad` and `BiasAddGrad` are two operations, TensorFlow.js' eight. */
export function createFusedActivation(tf: Tensorflow, activation: Activation): Activate {
  const backend = nodeBackend(tf)
  const attributes = floatAttributes(backend)
  const run = (name: string, ...inputs: Tensor[]): Tensor => backend.executeSingleOutput(name, attributes, inputs)
  const backward = (gradient: Tensor, [output]: Tensor[]): Tensor[] => {
    const toProduct = activation === 'relu' ? run('ReluGrad', gradient, output) : gradient
    return [toProduct, run('BiasAddGrad', toProduct)]
  }
  return tf.customGrad((product, bias, save) => {
    if (typeof product === 'function' || typeof bias === 'function' || typeof save !== 'function') {
      throw new TypeError('customGrad gives tensors first')
    }
    const sum = run('BiasAdd', product, bias)
    const value = activation === 'relu' ? run('Relu', sum) : sum
    save([value])
    return { value, gradFunc: backward }
  })
}
