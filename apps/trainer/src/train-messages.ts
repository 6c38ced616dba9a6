import type { Architecture, ModelDescription } from '@ser/model'
import type { TestGroups } from './evaluate-model.ts'
import type { Epoch, Evaluation, FailureKind } from '@ser/contracts'

/** What a training process is told, once. Files lie in `folder`, which it removes should its parent vanish. */
export type TrainOrder = {
  readonly folder: string
  readonly backend: 'auto' | 'cpu'
  /** Of one operation. */
  readonly threads: number
  readonly architecture: Architecture
  readonly description: ModelDescription
  /** Whose each test recording is, in their order. */
  readonly testGroups: TestGroups
  readonly seed: number
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
}

/** What it says, in this order; `failed` may come at any time, and is the last. */
export type TrainMessage =
  | { readonly kind: 'backend'; readonly backend: string; readonly fallbackReason?: string }
  | { readonly kind: 'epoch'; readonly figures: Epoch }
  /** The model file lies in the folder. */
  | { readonly kind: 'done'; readonly evaluation: Evaluation }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly failure: FailureKind }

/** The model file in the folder of an order. */
export const MODEL_FILE = 'model.safetensors'
