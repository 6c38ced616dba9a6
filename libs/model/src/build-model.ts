import type { Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs'
import { planWeights, type Architecture } from './describe-architecture.ts'
import { createGenerator } from './generate-random.ts'
import type { Tensorflow } from './load-tensorflow.ts'
import { createLstm, type RunLstm } from './run-lstm.ts'

/** A network with its weights, which lie outside the garbage collector: call `dispose` when it is no longer needed. */
export type Model = {
  readonly tf: Tensorflow
  readonly architecture: Architecture
  /** By Keras' names (`lstm_1/kernel`), in Keras' order. */
  readonly weights: ReadonlyMap<string, Variable>
  readonly runLstm: RunLstm
  readonly dispose: () => void
}

export type BuildOptions = Architecture & {
  /** Of the initial weights, 0 to 2^32 - 1. */
  readonly seed: number
}

/** A model before training: Glorot uniform kernels, orthogonal recurrent kernels, forget gates open (Keras' defaults). */
export function buildModel(tf: Tensorflow, { seed, ...architecture }: BuildOptions): Model {
  const random = createGenerator(seed, 'weights')
  return assembleModel(tf, architecture, (plan) => plan.initial(random))
}

/** A model with given weights. `valuesOf` is asked once for each planned weight, in order. */
export function assembleModel(
  tf: Tensorflow,
  architecture: Architecture,
  valuesOf: (plan: ReturnType<typeof planWeights>[number]) => Float32Array,
): Model {
  const weights = new Map(
    planWeights(architecture).map((plan) => [
      plan.name,
      tf.tidy(() => tf.variable(tf.tensor(valuesOf(plan), [...plan.shape], 'float32'))),
    ]),
  )
  const dispose = () => {
    for (const variable of weights.values()) variable.dispose()
  }
  return { tf, architecture, weights, runLstm: createLstm(tf), dispose }
}

/**
 * The network's outputs before the softmax.
 *
 * @param vectors [batch, F]
 * @param dropoutMask [batch, dense units], 0 or 1 / (1 - rate); given while training only
 * @returns [batch, classes]
 */
export function computeLogits(model: Model, vectors: Tensor2D, dropoutMask?: Tensor2D): Tensor2D {
  const { tf, architecture, runLstm } = model
  return tf.tidy(() => {
    let sequence = toSequence(vectors, architecture.layout)
    for (const [index] of architecture.lstmUnits.entries()) {
      sequence = runLstm(sequence, {
        kernel: weight(model, `lstm_${index + 1}/kernel`),
        recurrentKernel: weight(model, `lstm_${index + 1}/recurrent_kernel`),
        bias: weight(model, `lstm_${index + 1}/bias`),
      })
    }
    const [steps, batch, units] = sequence.shape
    const last = sequence.slice([steps - 1], [1]).reshape<Tensor2D>([batch, units])
    const dense = applyDense(model, 'dense_1', last).relu<Tensor2D>()
    return applyDense(model, 'dense_2', dropoutMask === undefined ? dense : dense.mul<Tensor2D>(dropoutMask))
  })
}

/** [batch, F] to a sequence with time first: [1, batch, F] or [F, batch, 1]. */
function toSequence(vectors: Tensor2D, layout: Architecture['layout']): Tensor3D {
  const [batch, features] = vectors.shape
  return layout === 'one-step'
    ? vectors.reshape([1, batch, features])
    : vectors.transpose<Tensor2D>().reshape([features, batch, 1])
}

function applyDense(model: Model, layer: string, input: Tensor2D): Tensor2D {
  return input.matMul<Tensor2D>(weight(model, `${layer}/kernel`)).add(weight(model, `${layer}/bias`))
}

function weight(model: Model, name: string): Variable {
  const found = model.weights.get(name)
  if (found === undefined) throw new Error(`the model has no weight ${name}`)
  return found
}
