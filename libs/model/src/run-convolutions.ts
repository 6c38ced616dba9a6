import type { Convolution } from '@ser/contracts'
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs'
import type { Tensorflow } from './load-tensorflow.ts'
import { stepMask } from './pool-outputs.ts'

export type MaskedSequence = {
  /** [steps, batch, values], time first; zeros after a sequence's last step. */
  readonly values: Tensor3D
  /** Steps of each sequence where they differ. */
  readonly lengths: Uint32Array | undefined
}

export type ConvolutionOptions = {
  readonly sequence: MaskedSequence
  readonly convolutions: readonly Convolution[]
  /** `conv1d_1/kernel` [kernel, inputs, filters] and so on. */
  readonly weightOf: (name: string) => Tensor
}

/**
 * Keras' `Conv1D` (same padding, ReLU) and `MaxPooling1D` (valid padding), one after the other. A sequence that is filled up
 * comes out as it would alone: beyond its end a convolution sees zeros, and a pool that is not full is left out.
 */
export function runConvolutions(
  tf: Tensorflow,
  { sequence, convolutions, weightOf }: ConvolutionOptions,
): MaskedSequence {
  if (convolutions.length === 0) return sequence
  let { lengths } = sequence
  let values = sequence.values.transpose<Tensor3D>([1, 0, 2])
  for (const [index, { pool }] of convolutions.entries()) {
    const layer = `conv1d_${index + 1}`
    const filtered = tf
      .conv1d(values, weightOf(`${layer}/kernel`).as3D(...kernelShape(weightOf(`${layer}/kernel`))), 1, 'same')
      .add<Tensor3D>(weightOf(`${layer}/bias`))
      .relu<Tensor3D>()
    values = pool === 1 ? filtered : poolSteps(tf, filtered, pool)
    lengths = lengths?.map((length) => Math.floor(length / pool))
    if (lengths !== undefined) {
      const mask = stepMask(tf, lengths, values.shape[1]).transpose([1, 0, 2])
      values = values.mul<Tensor3D>(mask)
    }
  }
  return { values: values.transpose<Tensor3D>([1, 0, 2]), lengths }
}

function kernelShape({ shape: [kernel = 0, inputs = 0, filters = 0] }: Tensor): [number, number, number] {
  return [kernel, inputs, filters]
}

/** The greatest of every `pool` steps of [batch, steps, values]. */
function poolSteps(tf: Tensorflow, values: Tensor3D, pool: number): Tensor3D {
  const [batch, steps, filters] = values.shape
  const pooled = tf.maxPool(values.reshape<Tensor4D>([batch, steps, 1, filters]), [pool, 1], [pool, 1], 'valid')
  return pooled.reshape([batch, Math.floor(steps / pool), filters])
}
