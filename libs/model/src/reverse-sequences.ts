import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs'
import type { Tensorflow } from './load-tensorflow.ts'

/**
 * Every sequence backward, what fills it up left behind it.
 *
 * @param sequence [steps, batch, values], time first
 * @param lengths steps of each sequence; absent: all of them
 */
export function reverseSequences(tf: Tensorflow, sequence: Tensor3D, lengths?: Uint32Array): Tensor3D {
  if (lengths === undefined) return sequence.reverse(0)
  const [steps, batch, values] = sequence.shape
  const order = new Int32Array(steps * batch)
  for (let step = 0; step < steps; step++) {
    for (let place = 0; place < batch; place++) {
      const from = step < lengths[place] ? lengths[place] - 1 - step : step
      order[step * batch + place] = from * batch + place
    }
  }
  const reorder = (rows: Tensor): Tensor => tf.tidy(() => tf.gather(rows, tf.tensor1d(order, 'int32')))
  // Reversed twice it is as before: the gradient takes the same way, where that of `gather` would be a sum by segments.
  const reverse = tf.customGrad((rows) => {
    if (typeof rows === 'function') throw new TypeError('customGrad gives the tensor as its first argument')
    return { value: reorder(rows), gradFunc: (gradient: Tensor) => reorder(gradient) }
  })
  return reverse(sequence.reshape<Tensor2D>([steps * batch, values])).reshape<Tensor3D>([steps, batch, values])
}
