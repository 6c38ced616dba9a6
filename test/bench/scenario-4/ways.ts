import { PAPER_NOISE, recipeSchema, type Recipe } from '@ser/augmentation'
import { shuffled, type Random } from '@ser/corpus'

/** What is added to the recordings; the deviation of white noise each. */
export const NOISES = {
  /** 0.035 * u * peak with u even on [0, 1): the notebooks' noise injection. */
  paper: PAPER_NOISE,
  /** 0.035 * peak. */
  loudest: noise('loudest', { transform: 'AddPeakNoise', params: { peakFraction: 0.035 } }),
  /** 1, whatever the recording: `np.random.normal(0, 1)` on samples from -1 to 1. */
  absolute: noise('absolute', { transform: 'AddGaussianNoise', params: { amplitude: 1 } }),
} satisfies Record<string, Recipe>

export type Noise = keyof typeof NOISES

function noise(name: string, step: object): Recipe {
  return recipeSchema.parse({ name, version: 1, overflow: 'keep', steps: [step] })
}

/** The labels that are put beside the joined rows, clean ones first: [2 * recordings]. */
export type LabelOrder = keyof typeof LABELS

type JoinLabels = (truth: Uint8Array, random: Random) => Uint8Array

export const LABELS = {
  right: (truth) => join(truth, truth),
  /** A loop appends each recording's label twice; the features are concatenated afterwards. */
  twice: (truth) => Uint8Array.from({ length: 2 * truth.length }, (_, row) => truth[row >> 1]),
  /** Sorted by emotion, as a data frame was; the features are in the order of the folders. */
  sorted: (truth) => join(truth, truth).sort(),
  /** The clean half is right; the noisy half was listed in another order. */
  'half shuffled': (truth, random) => join(truth, Uint8Array.from(shuffled([...truth], random))),
  /** Shuffled without their features. */
  shuffled: (truth, random) => Uint8Array.from(shuffled([...join(truth, truth)], random)),
} satisfies Record<string, JoinLabels>

function join(clean: Uint8Array, noisy: Uint8Array): Uint8Array {
  return Uint8Array.from([...clean, ...noisy])
}

export type Way = {
  readonly id: string
  readonly says: string
  readonly noise: Noise
  readonly labels: LabelOrder
  /** By recording, a noisy one on the side of its original; or the joined rows at random, as `train_test_split` does. */
  readonly split: 'recordings' | 'rows'
  readonly train: 'both' | 'clean'
  readonly test: 'both' | 'noisy'
  /** The labels of the test side are shuffled once more, without their predictions. */
  readonly testLabelsShuffled: boolean
}

const RIGHT = {
  noise: 'paper',
  labels: 'right',
  split: 'recordings',
  train: 'both',
  test: 'both',
  testLabelsShuffled: false,
} as const

/** Ways to do the paper's scenario 4: right, and with one slip each. */
export const WAYS: readonly Way[] = [
  { ...RIGHT, id: 'a', says: 'done right' },
  { ...RIGHT, id: 'b1', says: 'each label twice, features one half after the other', labels: 'twice', split: 'rows' },
  { ...RIGHT, id: 'b2', says: 'labels sorted by emotion, features as listed', labels: 'sorted', split: 'rows' },
  { ...RIGHT, id: 'b3', says: 'labels of the noisy half in another order', labels: 'half shuffled', split: 'rows' },
  { ...RIGHT, id: 'b4', says: 'all labels in another order', labels: 'shuffled', split: 'rows' },
  { ...RIGHT, id: 'c1', says: 'noise of 0.035 of the peak', noise: 'loudest' },
  { ...RIGHT, id: 'c2', says: 'noise of amplitude 1', noise: 'absolute' },
  { ...RIGHT, id: 'd1', says: 'trained clean, tested on the noise of the paper', train: 'clean', test: 'noisy' },
  {
    ...RIGHT,
    id: 'd2',
    says: 'trained clean, tested on noise of 0.035 of the peak',
    noise: 'loudest',
    train: 'clean',
    test: 'noisy',
  },
  {
    ...RIGHT,
    id: 'd3',
    says: 'trained clean, tested on noise of amplitude 1',
    noise: 'absolute',
    train: 'clean',
    test: 'noisy',
  },
  { ...RIGHT, id: 'e', says: 'trained right, test labels in another order', testLabelsShuffled: true },
]
