import type { Tensor, TensorInfo } from '@tensorflow/tfjs'
import type { Tensorflow } from './load-tensorflow.ts'

/** What is used of tfjs-node's backend. */
export type NodeBackend = {
  readonly binding: {
    readonly TF_ATTR_TYPE: number
    readonly TF_FLOAT: number
  }
  loadSavedModelMetaGraph(folder: string, tags: string): number
  runSavedModel(id: number, inputs: Tensor[], names: readonly { name: string }[], outputs: readonly string[]): Tensor[]
  deleteSavedModel(id: number): void
  executeSingleOutput(name: string, attributes: object[], inputs: TensorInfo[]): Tensor
}

/** libtensorflow's operations by name. @throws TypeError for another backend */
export function nodeBackend(tf: Tensorflow): NodeBackend {
  const backend: unknown = tf.backend()
  if (!isNodeBackend(backend)) throw new TypeError(`the backend ${tf.getBackend()} has no fused LSTM`)
  return backend
}

function isNodeBackend(backend: unknown): backend is NodeBackend {
  return (
    typeof backend === 'object' && backend !== null && 'executeSingleOutput' in backend && 'runSavedModel' in backend
  )
}

/** Of an operation that is told the type of its tensors and nothing else. */
export function floatAttributes({ binding }: NodeBackend): object[] {
  return [{ name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }]
}
