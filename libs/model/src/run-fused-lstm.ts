import type { Tensor } from '@tensorflow/tfjs'
import { PARTS_FLAG, type Tensorflow } from './load-tensorflow.ts'
import { floatAttributes, nodeBackend } from './node-backend.ts'
import { openGraph, type Graph } from './open-graph.ts'
import { lstmMemory, planLstm } from './plan-lstm.ts'
import type { ApplyGates, Lstm } from './run-lstm.ts'

/** A part of fewer sequences is not worth it: what is done once a part and step, whatever its size, outweighs it. */
const LEAST_SEQUENCES = 16

/**
 * LSTM layers as one operation a layer and part of the batch: libtensorflow's kernels `BlockLSTMV2` and `BlockLSTMGradV2`
 * (core/kernels/rnn/lstm_ops.cc), which tfjs-node contains but does not offer. tfjs' layer runs a dozen operations a step.
 */
export function createFusedLstm(tf: Tensorflow): Lstm {
  const backend = nodeBackend(tf)
  const mostParts = tf.env().getNumber(PARTS_FLAG)
  const graphs = new Map<string, Graph>()
  const graphOf = (layers: number, parts: number): Graph => {
    const key = `${layers} ${parts}`
    const graph = graphs.get(key) ?? openGraph(backend, planLstm(layers, parts))
    graphs.set(key, graph)
    return graph
  }
  const run: Lstm['run'] = (sequence, layers) => {
    const [steps, batch] = sequence.shape
    const parts = Math.max(1, Math.min(mostParts, Math.floor(batch / LEAST_SEQUENCES)))
    const graph = graphOf(layers.length, parts)
    const memory = lstmMemory(layers.length, parts)
    const inputs = [sequence, ...layers.flatMap(({ kernel, recurrentKernel, bias }) => [kernel, recurrentKernel, bias])]
    const backward = (slope: Tensor, saved: Tensor[]): Tensor[] => {
      const remembered = Object.fromEntries(memory.map((name, index) => [name, saved[inputs.length + index]]))
      const fed = { ...nameInputs(tf, saved.slice(0, inputs.length), parts), ...remembered, slope }
      const fetched = layers.flatMap((_, layer) => [`weightSlope${layer}`, `biasSlope${layer}`])
      const [toSequence, ...slopes] = graph.run(fed, ['sequenceSlope', ...fetched])
      const toWeights = layers.flatMap(({ kernel }, layer) => [
        ...splitRows(tf, slopes[2 * layer], kernel.shape[0]),
        slopes[2 * layer + 1],
      ])
      return [toSequence, ...toWeights]
    }
    const compute = tf.customGrad((...args) => {
      const save = args.at(-1)
      if (typeof save !== 'function') throw new TypeError('customGrad gives a function that saves as its last argument')
      const [value, ...remembered] = graph.run(nameInputs(tf, inputs, parts), ['outputs', ...memory])
      save([...inputs, ...remembered])
      return { value, gradFunc: backward }
    })
    return compute(...inputs).as3D(steps, batch, layers[layers.length - 1].recurrentKernel.shape[0])
  }
  const dispose = () => {
    for (const graph of graphs.values()) graph.close()
    graphs.clear()
  }
  return { run, dispose }
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

/** What `planLstm` asks for, but the gradient in the outputs; of the sequence and three weights a layer. */
function nameInputs(tf: Tensorflow, [sequence, ...weights]: Tensor[], parts: number): Record<string, Tensor> {
  const [steps, batch] = sequence.shape
  const start = (part: number) => Math.floor((part * batch) / parts)
  const sizes = Array.from({ length: parts }, (_, part) => start(part + 1) - start(part))
  const fed: Record<string, Tensor> = { sequence, sizes: tf.tensor1d(sizes, 'int32'), steps: tf.scalar(steps, 'int32') }
  for (let layer = 0; layer < weights.length / 3; layer++) {
    const [kernel, recurrentKernel, bias] = weights.slice(3 * layer)
    const units = recurrentKernel.shape[0]
    fed[`kernel${layer}`] = kernel
    fed[`recurrentKernel${layer}`] = recurrentKernel
    fed[`bias${layer}`] = bias
    fed[`state${layer}`] = tf.zeros([batch, units])
    fed[`peephole${layer}`] = tf.zeros([units])
  }
  return fed
}

function splitRows(tf: Tensorflow, matrix: Tensor, rows: number): [Tensor, Tensor] {
  return [tf.slice(matrix, [0, 0], [rows, -1]), tf.slice(matrix, [rows, 0])]
}
