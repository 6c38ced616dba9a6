import type { Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs'
import type { Sequences } from './batch-examples.ts'
import { runConvolutions } from './run-convolutions.ts'
import { lstmNames, planWeights, type Architecture } from './describe-architecture.ts'
import { createGenerator } from './generate-random.ts'
import type { Tensorflow } from './load-tensorflow.ts'
import type { Normalisation } from './normalise-inputs.ts'
import { poolOutputs } from './pool-outputs.ts'
import { reverseSequences } from './reverse-sequences.ts'
import { createDense, type RunDense } from './run-dense.ts'
import { createLstm, type RunLstm } from './run-lstm.ts'

/** A network with its weights, which lie outside the garbage collector: call `dispose` when it is no longer needed. */
export type Model = {
  readonly tf: Tensorflow
  readonly architecture: Architecture
  /** What is done with raw features first; absent: nothing. */
  readonly normalisation?: Normalisation
  /** By Keras' names (`lstm_1/kernel`), in Keras' order. */
  readonly weights: ReadonlyMap<string, Variable>
  readonly runLstm: RunLstm
  readonly runDense: RunDense
  readonly dispose: () => void
}

export type BuildOptions = Architecture & {
  /** Of the initial weights, 0 to 2^32 - 1. */
  readonly seed: number
  readonly normalisation?: Normalisation
}

/** A model before training: Glorot uniform kernels, orthogonal recurrent kernels, forget gates open (Keras' defaults). */
export function buildModel(tf: Tensorflow, { seed, normalisation, ...architecture }: BuildOptions): Model {
  const random = createGenerator(seed, 'weights')
  return assembleModel(tf, { architecture, normalisation, valuesOf: (plan) => plan.initial(random) })
}

/** A model with given weights. `valuesOf` is asked once for each planned weight, in order. */
export function assembleModel(
  tf: Tensorflow,
  {
    architecture,
    normalisation,
    valuesOf,
  }: {
    readonly architecture: Architecture
    readonly normalisation: Normalisation | undefined
    readonly valuesOf: (plan: ReturnType<typeof planWeights>[number]) => Float32Array
  },
): Model {
  const weights = new Map(
    planWeights(architecture).map((plan) => [
      plan.name,
      tf.tidy(() => tf.variable(tf.tensor(valuesOf(plan), [...plan.shape], 'float32'))),
    ]),
  )
  const lstm = createLstm(tf)
  const dispose = () => {
    lstm.dispose()
    for (const variable of weights.values()) variable.dispose()
  }
  const inputs = normalisation === undefined ? {} : { normalisation }
  return { tf, architecture, ...inputs, weights, runLstm: lstm.run, runDense: createDense(tf), dispose }
}

/**
 * The network's outputs before the softmax. What lies after a sequence's last step changes nothing and gets no gradient: an
 * LSTM's outputs do not depend on later steps, the backward one gets each sequence reversed in place, convolutions see zeros, and
 * the pooling leaves it out.
 *
 * @param dropoutMask [batch, dense units], 0 or 1 / (1 - rate); given while training only
 * @returns [batch, classes]
 */
export function computeLogits(model: Model, batch: Sequences, dropoutMask?: Tensor2D): Tensor2D {
  const { tf, architecture } = model
  return tf.tidy(() => {
    const input = { values: tf.tensor3d(batch.values, [...batch.shape]), lengths: batch.lengths }
    const { convolutions = [], pooling = 'last', bidirectional = false } = architecture
    const weightOf = (name: string) => weight(model, name)
    const { values, lengths } = runConvolutions(tf, { sequence: input, convolutions, weightOf })
    const sequence = runLayers(model, values, lengths)
    const pooled = poolOutputs(tf, { sequence, lengths, pooling, bidirectional, weightOf })
    const dense = applyDense(model, 'dense_1', pooled, 'relu')
    return applyDense(model, 'dense_2', dropoutMask === undefined ? dense : dense.mul<Tensor2D>(dropoutMask), 'linear')
  })
}

/** The LSTM layers, each one LSTM or two of which the second reads backward; the last one's outputs, [steps, batch, units of both]. */
function runLayers(model: Model, input: Tensor3D, lengths: Uint32Array | undefined): Tensor3D {
  const { tf, architecture, runLstm } = model
  const weightsOf = (name: string) => ({
    kernel: weight(model, `${name}/kernel`),
    recurrentKernel: weight(model, `${name}/recurrent_kernel`),
    bias: weight(model, `${name}/bias`),
  })
  const layers = architecture.lstmUnits.map((_, index) => lstmNames(architecture, index).map(weightsOf))
  if (!architecture.bidirectional) return runLstm(input, layers.flat())
  return layers.reduce((sequence, [forward, backward]) => {
    const reversed = runLstm(reverseSequences(tf, sequence, lengths), [backward])
    return tf.concat([runLstm(sequence, [forward]), reverseSequences(tf, reversed, lengths)], 2)
  }, input)
}

function applyDense(model: Model, layer: string, input: Tensor2D, activation: 'linear' | 'relu'): Tensor2D {
  const weights = { kernel: weight(model, `${layer}/kernel`), bias: weight(model, `${layer}/bias`) }
  return model.runDense(input, weights, activation)
}

function weight(model: Model, name: string): Variable {
  const found = model.weights.get(name)
  if (found === undefined) throw new Error(`the model has no weight ${name}`)
  return found
}
