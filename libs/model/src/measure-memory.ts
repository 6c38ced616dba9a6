import type { Tensorflow } from './load-tensorflow.ts'

/** What a training took. */
export type MemoryUse = {
  /** The most that the process ever had in physical memory, before the training included. */
  readonly peakRssBytes: number
  /** The most that its tensors held at once, with the outputs that the gradient needs. */
  readonly peakTensorBytes: number
  /** Tensors when it ended; no more than when it began. */
  readonly tensors: number
}

export type MemoryMeter = { readonly look: () => void; readonly use: () => MemoryUse }

export function createMemoryMeter(tf: Tensorflow): MemoryMeter {
  let peakTensorBytes = 0
  const look = () => {
    peakTensorBytes = Math.max(peakTensorBytes, tf.memory().numBytes)
  }
  const use = () => ({
    // Kilobytes, on every platform.
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    peakTensorBytes,
    tensors: tf.memory().numTensors,
  })
  return { look, use }
}
