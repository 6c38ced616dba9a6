import type { TestGroups } from '@ser/metrics'
import type { Architecture, FitOptions, ModelDescription, NormalisationOptions } from '@ser/model'
import type { Recipe } from '@ser/augmentation'
import type { Epoch, Evaluation, FailureKind } from '@ser/contracts'

/** How it trains, as the run's spec says. */
export type TrainRecipe = Pick<
  FitOptions,
  | 'seed'
  | 'epochs'
  | 'batchSize'
  | 'learningRate'
  | 'earlyStopping'
  | 'schedule'
  | 'classWeights'
  | 'labelSmoothing'
  | 'weightDecay'
  | 'clipNorm'
  | 'noise'
  | 'inputDropout'
  | 'mixup'
  | 'crop'
  | 'sampling'
>

/** One of the networks of a run. */
export type TrainedNetwork = {
  readonly architecture: Architecture
  /** What it sees of a recording. */
  readonly features: ModelDescription['features']
  readonly recipe: TrainRecipe
  /** What is done with the inputs, its figures taken from the training side; the columns that are power and become decibels. */
  readonly inputs: Pick<NormalisationOptions, 'decibel' | 'standard' | 'speaker'>
  /** Which of the folders of examples it is trained on. */
  readonly input: number
  readonly weight: number
}

/** Variants that are made while it trains. */
export type VariantOrder = {
  readonly recipe: Recipe
  /** How likely a recording is heard as a variant in an epoch. */
  readonly share: number
  /** The SHA-256 of each recording of the training side; empty for one that is heard as it is in every epoch. */
  readonly clips: readonly string[]
  /** Recordings to mix in, by group, and the original that each goes back to. */
  readonly resources: Readonly<Record<string, readonly { readonly sha256: string; readonly root: string }[]>>
  /** Hz, of the features. */
  readonly sampleRate: number
  readonly threads: number
}

/** What a training process is told, once. Files lie in `folder`, which it removes should its parent vanish. */
export type TrainOrder = {
  readonly folder: string
  readonly backend: 'auto' | 'cpu'
  /** Of one operation. */
  readonly threads: number
  readonly labels: readonly string[]
  readonly networks: readonly TrainedNetwork[]
  /** Whose each test recording is, in their order. */
  readonly testGroups: TestGroups
  /** Of the bootstrap intervals. */
  readonly seed: number
  /** Whether a part of the training side lies in files of its own. */
  readonly validated: boolean
  /** The recordings lie in the folder, each in its `recordingFile`. */
  readonly variants?: VariantOrder
  /** Where an earlier attempt got to: the checkpoint's file, and the backend that it was made with. */
  readonly resume?: { readonly file: string; readonly epoch: number; readonly backend: string }
  /** A checkpoint is written after an epoch that ends so long after the one before, in milliseconds. */
  readonly checkpointEveryMs: number
}

export type TrainingStart = {
  readonly backend: string
  /** Why plain JavaScript computes. */
  readonly fallbackReason?: string
  readonly resumedFromEpoch?: number
  /** Why the checkpoint of the order was not taken. */
  readonly restartReason?: string
}

/** What it says, in this order; `failed` may come at any time, and is the last. */
export type TrainMessage =
  | ({ readonly kind: 'start' } & TrainingStart)
  /** `memoryBytes`: the most that the process has had resident until then. */
  | { readonly kind: 'epoch'; readonly figures: Epoch; readonly memoryBytes: number }
  /** The file is the parent's to remove. */
  | { readonly kind: 'checkpoint'; readonly epoch: number; readonly file: string }
  /** The model file lies in the folder, and the probabilities of the test side (float32, row major). */
  | { readonly kind: 'done'; readonly evaluation: Evaluation; readonly memoryBytes: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly failure: FailureKind }

/** The model file in the folder of an order. */
export const MODEL_FILE = 'model.safetensors'
/** The test side's probabilities in the folder of an order. */
export const PROBABILITIES_FILE = 'probabilities.f32'

/** A recording in the folder of an order, as it was stored. */
export function recordingFile(sha256: string): string {
  return `${sha256}.recording`
}

/** The same decoded: mono float32 at the sample rate of the features. */
export function waveformFile(sha256: string): string {
  return `${sha256}.f32`
}
