import type { Pooling } from '@ser/contracts'
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs'
import { isAttentive } from './describe-architecture.ts'
import type { Tensorflow } from './load-tensorflow.ts'

export type PoolOptions = {
  /** [steps, batch, values], time first. */
  readonly sequence: Tensor3D
  /** Steps of each sequence where they differ. */
  readonly lengths: Uint32Array | undefined
  readonly pooling: Pooling
  /** The second half of the values was read backward: its last step is the sequence's first. */
  readonly bidirectional: boolean
  readonly weightOf: (name: string) => Tensor
}

/** Keeps the square root's slope finite where nothing varies. */
const LEAST_VARIANCE = 1e-8
/** Added to the attention of a step that does not exist: its weight is exactly zero. */
const NO_ATTENTION = 1e9

/**
 * One vector a sequence, [batch, values] (twice the values for `attentive-statistics`), of the steps that it has. Attention is
 * softmax over time of one learned weighted sum of the values (Mirsamadi, Barsoum and Zhang 2017).
 */
export function poolOutputs(tf: Tensorflow, options: PoolOptions): Tensor2D {
  const { sequence, lengths, pooling, bidirectional, weightOf } = options
  if (pooling === 'last') return bidirectional ? bothEnds(tf, sequence, lengths) : lastSteps(tf, sequence, lengths)
  if (!isAttentive(pooling)) return meanOverTime(tf, sequence, lengths)
  const weights = attend(tf, sequence, lengths, weightOf('attention/kernel'))
  const mean = sequence.mul(weights).sum<Tensor2D>(0)
  if (pooling === 'attention') return mean
  const variance = sequence.sub(mean).square().mul(weights).sum<Tensor2D>(0)
  return tf.concat([mean, variance.add<Tensor2D>(LEAST_VARIANCE).sqrt<Tensor2D>()], 1)
}

/** [steps, batch, 1]: one where a sequence has a step, zero after its end. */
export function stepMask(tf: Tensorflow, lengths: Uint32Array, steps: number): Tensor3D {
  return stepWeights(tf, lengths, steps, (step, length) => (step < length ? 1 : 0))
}

function stepWeights(
  tf: Tensorflow,
  lengths: Uint32Array,
  steps: number,
  weightOf: (step: number, length: number) => number,
): Tensor3D {
  const batch = lengths.length
  const weights = new Float32Array(steps * batch)
  for (let at = 0; at < weights.length; at++) weights[at] = weightOf(Math.floor(at / batch), lengths[at % batch])
  return tf.tensor3d(weights, [steps, batch, 1])
}

function lastSteps(tf: Tensorflow, sequence: Tensor3D, lengths: Uint32Array | undefined): Tensor2D {
  const [steps, batch, values] = sequence.shape
  // The gradient of a slice is filled up with zeros, and where there is one step nothing is to be cut.
  if (lengths === undefined) return (steps === 1 ? sequence : sequence.slice([steps - 1], [1])).as2D(batch, values)
  return sequence.mul(stepWeights(tf, lengths, steps, (step, length) => (step === length - 1 ? 1 : 0))).sum<Tensor2D>(0)
}

function bothEnds(tf: Tensorflow, sequence: Tensor3D, lengths: Uint32Array | undefined): Tensor2D {
  const [forward, backward] = tf.split<Tensor3D>(sequence, 2, 2)
  const [, batch, units] = forward.shape
  const first = backward.slice([0], [1]).reshape<Tensor2D>([batch, units])
  return tf.concat([lastSteps(tf, forward, lengths), first], 1)
}

function meanOverTime(tf: Tensorflow, sequence: Tensor3D, lengths: Uint32Array | undefined): Tensor2D {
  if (lengths === undefined) return sequence.mean<Tensor2D>(0)
  const weights = stepWeights(tf, lengths, sequence.shape[0], (step, length) => (step < length ? 1 / length : 0))
  return sequence.mul(weights).sum<Tensor2D>(0)
}

/** [steps, batch, 1], of each sequence a sum of one. */
function attend(tf: Tensorflow, sequence: Tensor3D, lengths: Uint32Array | undefined, kernel: Tensor): Tensor3D {
  const [steps, batch, values] = sequence.shape
  const scores = sequence
    .reshape<Tensor2D>([steps * batch, values])
    .matMul<Tensor2D>(kernel.as2D(values, 1))
    .reshape<Tensor3D>([steps, batch, 1])
  const nowhere = lengths && stepWeights(tf, lengths, steps, (step, length) => (step < length ? 0 : -NO_ATTENTION))
  const masked = nowhere === undefined ? scores : scores.add<Tensor3D>(nowhere)
  // The softmax is over the last axis.
  return masked.transpose<Tensor3D>([1, 2, 0]).softmax<Tensor3D>().transpose<Tensor3D>([2, 0, 1])
}
