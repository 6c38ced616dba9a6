import type { EarlyStopping, Epoch, Sampling, Schedule } from '@ser/contracts'
import type { Examples } from './batch-examples.ts'
import type { Model } from './build-model.ts'
import type { MemoryUse } from './measure-memory.ts'
import type { SideFigures } from './score-logits.ts'

/** An epoch's figures, and what options add to them. */
export type EpochFigures = Epoch & {
  /** Of the epoch's last step. */
  readonly learningRate: number
  /** Of the weights as they are after the epoch, where there is a validation side. */
  readonly validation?: SideFigures
}

/** Training recordings that are other ones in every epoch. */
export type Renewal = {
  /** Of everything that decides them, as a hash. */
  readonly identity: string
  /** The training side of an epoch, from 1: as many recordings as `train` has, with its labels and in its order. */
  readonly examples: (epoch: number) => Promise<Examples>
}

export type FitOptions = {
  readonly model: Model
  readonly train: Examples
  readonly test: Examples
  /** A part of the training side that is not trained on; early stopping and a schedule on plateau look at it. */
  readonly validation?: Examples
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  /** Of shuffling, dropout, noise and everything else that is random, 0 to 2^32 - 1. */
  readonly seed: number
  readonly earlyStopping?: EarlyStopping
  readonly schedule?: Schedule
  readonly classWeights?: 'balanced'
  readonly labelSmoothing?: number
  readonly weightDecay?: number
  readonly clipNorm?: number
  /** Deviation of the normal numbers that are added to every (normalised) value while training. */
  readonly noise?: number
  /** The share of inputs that is zero in each step, the others scaled up; in the layout `frames` a value in all frames. */
  readonly inputDropout?: number
  /** Recordings of a batch are mixed in pairs by Beta(mixup, mixup), and their labels with them; not in the layout `frames`. */
  readonly mixup?: number
  /** In the layout `frames`: training sees a random piece of at least this share of the frames. */
  readonly crop?: number
  /** Recordings are drawn with replacement, balanced, for so many steps an epoch. */
  readonly sampling?: Sampling
  /** Takes the place of `train` in every epoch; `train` itself is then what the recordings are untouched. */
  readonly renewal?: Renewal
  /** Called after each epoch, and awaited. */
  readonly onEpoch?: (figures: EpochFigures) => void | Promise<void>
  /** Called with a checkpoint, awaited, after `onEpoch` of every `checkpointEvery`-th epoch (default 1). */
  readonly onCheckpoint?: (checkpoint: Uint8Array, epoch: number) => void | Promise<void>
  readonly checkpointEvery?: number
  /** A checkpoint of the same training, which goes on after the checkpoint's epoch as if it had never been interrupted. */
  readonly resumeFrom?: Uint8Array
  /** Looked at after each batch. */
  readonly signal?: AbortSignal
}

export type FitResult = {
  /** How many epochs the training has, those before a checkpoint included. */
  readonly epochs: number
  /** Of the checkpoint that it went on from; 0 without one. */
  readonly resumedAfter: number
  /** Whether early stopping ended it before its last epoch. */
  readonly stoppedEarly: boolean
  /** The epoch whose weights the model has now; the last one, unless early stopping restored the best. */
  readonly weightsOfEpoch: number
  readonly memory: MemoryUse
}
