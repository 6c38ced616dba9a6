import { createGenerator, type SavedGenerator } from './generate-random.ts'
import { noMoments, type Moments, type WeightValues } from './update-weights.ts'
import { NOTHING_SEEN, type Watch } from './watch-figures.ts'

/** Everything that the next epoch depends on. It changes in place. */
export type TrainingState = {
  /** How many epochs are done. */
  epoch: number
  /** The weights as they are now; the model's tensors are set to them after every step. */
  readonly weights: WeightValues
  readonly moments: Moments
  readonly shuffle: SavedGenerator
  readonly dropout: SavedGenerator
  readonly noise: SavedGenerator
  readonly mixup: SavedGenerator
  readonly inputs: SavedGenerator
  readonly crop: SavedGenerator
  /** Of early stopping. */
  stopping: Watch
  /** Of a schedule on plateau. */
  plateau: { readonly watch: Watch; readonly factor: number }
  /** Of the best epoch, where they are to be restored. */
  best: WeightValues | undefined
}

export function beginTraining(weights: WeightValues, seed: number): TrainingState {
  return {
    epoch: 0,
    weights,
    moments: noMoments(weights),
    shuffle: createGenerator(seed, 'shuffle'),
    dropout: createGenerator(seed, 'dropout'),
    noise: createGenerator(seed, 'noise'),
    mixup: createGenerator(seed, 'mixup'),
    inputs: createGenerator(seed, 'inputs'),
    crop: createGenerator(seed, 'crop'),
    stopping: NOTHING_SEEN,
    plateau: { watch: NOTHING_SEEN, factor: 1 },
    best: undefined,
  }
}

export function copyWeights(weights: WeightValues): WeightValues {
  return new Map(Array.from(weights, ([name, values]) => [name, values.slice()]))
}
