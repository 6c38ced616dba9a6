import type { Tensor, Tensor3D, TensorInfo } from '@tensorflow/tfjs'
import type { Tensorflow } from './load-tensorflow.ts'
import { floatAttributes, nodeBackend, type NodeBackend } from './node-backend.ts'
import type { ApplyGates, RunLstm } from './run-lstm.ts'

type Peepholes = readonly [Tensor, Tensor, Tensor]

/**
 * The LSTM as one operation a layer: libtensorflow's kernels `BlockLSTMV2` and `BlockLSTMGradV2` (core/kernels/rnn/lstm_ops.cc),
 * which tfjs-node contains but does not offer. Five times as fast as tfjs' layer, which runs a dozen operations a step.
 */
export function createFusedLstm(tf: Tensorflow): RunLstm {
  const backend = nodeBackend(tf)
  const lengths = new Map<number, TensorInfo>()
  const { forwardAttributes, backwardAttributes } = lstmAttributes(backend)
  const sequenceLength = (steps: number): TensorInfo => {
    const length = lengths.get(steps) ?? int64Scalar(backend, steps)
    lengths.set(steps, length)
    return length
  }
  const backward = (steps: TensorInfo, outputGradient: Tensor, [kernel, ...operands]: Tensor[]): Tensor[] => {
    const inputs = [steps, ...operands, tf.zerosLike(outputGradient), outputGradient]
    const gradients = backend.executeMultipleOutputs('BlockLSTMGradV2', backwardAttributes, inputs, 8)
    const [kernelGradient, recurrentGradient] = splitRows(tf, gradients[3], kernel.shape[0])
    return [gradients[0], kernelGradient, recurrentGradient, gradients[7]]
  }

  return (sequence, { kernel, recurrentKernel, bias }) => {
    const length = sequenceLength(sequence.shape[0])
    const run = tf.customGrad((...args) => {
      const save = args.at(-1)
      if (typeof save !== 'function') throw new TypeError('customGrad gives a function that saves as its last argument')
      const weights = tf.concat([kernel, recurrentKernel])
      const before = [
        sequence,
        ...emptyState(tf, sequence, recurrentKernel),
        weights,
        ...peepholes(tf, recurrentKernel),
        bias,
      ]
      const after = backend.executeMultipleOutputs('BlockLSTMV2', forwardAttributes, [length, ...before], 7)
      save([kernel, ...before, ...after])
      return {
        value: after[6],
        gradFunc: (outputGradient: Tensor, saved: Tensor[]) => backward(length, outputGradient, saved),
      }
    })
    const [steps, batch] = sequence.shape
    return run(sequence, kernel, recurrentKernel, bias).as3D(steps, batch, recurrentKernel.shape[0])
  }
}

/**
 * The gates' work over one step from a zero state. The gradient is of few operations: TensorFlow's own `SigmoidGrad`, `TanhGrad` and
 * `BiasAddGrad`, where TensorFlow.js puts each together from several; and they are called by name, without what TensorFlow.js does around
 * each, which for tensors of this size takes as long as the operation.
 */
export function createFusedGates(tf: Tensorflow): ApplyGates {
  const backend = nodeBackend(tf)
  const attributes = floatAttributes(backend)
  const run = (name: string, ...inputs: Tensor[]): Tensor => backend.executeSingleOutput(name, attributes, inputs)
  const backward = (gradient: Tensor, [input, candidate, output, squashed]: Tensor[]): Tensor[] => {
    const carry = run('TanhGrad', squashed, run('Mul', gradient, output))
    const toInput = run('SigmoidGrad', input, run('Mul', carry, candidate))
    const toCandidate = run('TanhGrad', candidate, run('Mul', carry, input))
    const toOutput = run('SigmoidGrad', output, run('Mul', gradient, squashed))
    const gates = tf.concat([toInput, run('ZerosLike', toInput), toCandidate, toOutput], 1)
    return [gates, run('BiasAddGrad', gates)]
  }
  return tf.customGrad((product, bias, save) => {
    if (typeof product === 'function' || typeof bias === 'function' || typeof save !== 'function') {
      throw new TypeError('customGrad gives tensors first')
    }
    const [toInput, , toCandidate, toOutput] = tf.split(run('BiasAdd', product, bias), 4, 1)
    const [input, candidate, output] = [run('Sigmoid', toInput), run('Tanh', toCandidate), run('Sigmoid', toOutput)]
    const squashed = run('Tanh', run('Mul', input, candidate))
    save([input, candidate, output, squashed])
    return { value: run('Mul', output, squashed), gradFunc: backward }
  })
}

function lstmAttributes(backend: NodeBackend) {
  const { binding } = backend
  const backwardAttributes = [
    { name: 'use_peephole', type: binding.TF_ATTR_BOOL, value: false },
    ...floatAttributes(backend),
  ]
  return {
    backwardAttributes,
    forwardAttributes: [{ name: 'cell_clip', type: binding.TF_ATTR_FLOAT, value: 0 }, ...backwardAttributes],
  }
}

/**
 * A 64-bit integer, which tfjs' tensors cannot be. tfjs-node's own `Int64Scalar` makes a native tensor anew at every call and
 * never frees it, which a long training would feel; this one is registered with the backend once and kept.
 */
function int64Scalar(backend: NodeBackend, value: number): TensorInfo {
  const dtype = backend.binding.TF_INT64
  // The low and the high half.
  const id = backend.binding.createTensor([], dtype, new Int32Array([value, 0]))
  const dataId = {}
  backend.tensorMap.set(dataId, { shape: [], dtype, id, values: null, refCount: 1 })
  return { dataId, shape: [], dtype: 'int32' }
}

/** Carry and output before the first step, [batch, units] each. */
function emptyState(tf: Tensorflow, sequence: Tensor3D, recurrent: Tensor): [Tensor, Tensor] {
  const shape: [number, number] = [sequence.shape[1], recurrent.shape[0]]
  return [tf.zeros(shape), tf.zeros(shape)]
}

/** The operation asks for peephole weights even where it does not use them. */
function peepholes(tf: Tensorflow, recurrent: Tensor): Peepholes {
  const zeros = () => tf.zeros([recurrent.shape[0]])
  return [zeros(), zeros(), zeros()]
}

function splitRows(tf: Tensorflow, matrix: Tensor, rows: number): [Tensor, Tensor] {
  return [tf.slice(matrix, [0, 0], [rows, -1]), tf.slice(matrix, [rows, 0])]
}
