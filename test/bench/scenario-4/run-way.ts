import { contentHash, EMOTIONS, SCENARIOS } from '@ser/contracts'
import { createRandom, seedFrom, shuffled, splitClips, TEST_SIDE, TRAIN_SIDE } from '@ser/corpus'
import { defaultFeatureSpec } from '@ser/features'
import { confusionMatrix, mostProbable } from '@ser/metrics'
import {
  buildModel,
  fitModel,
  predictProbabilities,
  selectedLength,
  selectFeatures,
  type EpochFigures,
  type Model,
  type Tensorflow,
} from '@ser/model'
import { type Prepared, type Recording } from './prepare-vectors.ts'
import { LABELS, type Noise, type Way } from './ways.ts'

/** The paper's scenario 4 sees the features of its scenario 3: 169. */
const GROUPS = SCENARIOS[3]
const WIDTH = selectedLength(defaultFeatureSpec, GROUPS)

export type Corpus = {
  readonly recordings: readonly Recording[]
  readonly clean: Prepared
  readonly noisy: Readonly<Record<Noise, Prepared>>
}

export type Outcome = {
  readonly seed: number
  /** Against the labels that the one who makes the slip has. */
  readonly accuracy: number
  /** Against what was said. */
  readonly trueAccuracy: number
  /** By those labels: [label][predicted]. */
  readonly confusion: number[][]
  /** Of the last epoch, by the labels that were trained on. */
  readonly trainAccuracy: number
  /** How often each class is predicted. */
  readonly predicted: number[]
}

export type RunOptions = {
  /** Of the split, the slip, the initial weights and the order of the batches. */
  readonly seed: number
  readonly epochs: number
  readonly layout: 'one-step' | 'steps'
}

type Trained = { readonly model: Model; readonly trainAccuracy: number }

/** Runs ways with one seed; ways that train alike share the model. */
export function createRunner(tf: Tensorflow, corpus: Corpus, { seed, epochs, layout }: RunOptions) {
  const trained = new Map<string, Promise<Trained>>()
  const random = (name: string) => createRandom(seedFrom(name, seed))
  const truth = Uint8Array.from(corpus.recordings, ({ label }) => label)

  const isNoisy = (row: number) => row >= truth.length
  const rowsOf = ({ split, train, test }: Way) => {
    const sides = splitRows(corpus.recordings, split, seed)
    const all = Array.from(sides.keys())
    return {
      train: all.filter((row) => sides[row] === TRAIN_SIDE && (train === 'both' || !isNoisy(row))),
      test: all.filter((row) => sides[row] === TEST_SIDE && (test === 'both' || isNoisy(row))),
    }
  }
  const vectorsOf = (rows: readonly number[], noise: Noise) => {
    const length = defaultFeatureSpec.nMels + defaultFeatureSpec.nMfcc + 2
    const joined = new Float32Array(rows.length * length)
    for (const [place, row] of rows.entries()) {
      const { vectors } = row < truth.length ? corpus.clean : corpus.noisy[noise]
      const from = (row % truth.length) * length
      joined.set(vectors.subarray(from, from + length), place * length)
    }
    return selectFeatures(joined, defaultFeatureSpec, GROUPS)
  }
  const train = async (way: Way, rows: readonly number[], labels: Uint8Array): Promise<Trained> => {
    const model = buildModel(tf, { ...PAPER, layout, seed })
    const examples = { vectors: vectorsOf(rows, way.noise), labels: Uint8Array.from(rows, (row) => labels[row]) }
    // Nothing is chosen by what a test side says: one recording stands for it.
    const test = { vectors: examples.vectors.slice(0, WIDTH), labels: examples.labels.slice(0, 1) }
    let trainAccuracy = Number.NaN
    const onEpoch = (figures: EpochFigures) => void (trainAccuracy = figures.trainAccuracy)
    await fitModel({ model, train: examples, test, epochs, batchSize: 256, learningRate: 0.001, seed, onEpoch })
    return { model, trainAccuracy }
  }
  return {
    async run(way: Way): Promise<Outcome> {
      const labels = LABELS[way.labels](truth, random('labels'))
      const rows = rowsOf(way)
      const noise = way.train === 'both' ? way.noise : ''
      const key = JSON.stringify([noise, way.labels, way.split])
      const training = trained.get(key) ?? train(way, rows.train, labels)
      trained.set(key, training)
      const { model, trainAccuracy } = await training
      const classes = EMOTIONS.length
      const predicted = mostProbable(predictProbabilities(model, vectorsOf(rows.test, way.noise)), classes)
      const own = rows.test.map((row) => labels[row])
      const given = way.testLabelsShuffled ? shuffled(own, random('test labels')) : own
      const share = (expected: readonly number[]) =>
        expected.filter((label, place) => label === predicted[place]).length / expected.length
      return {
        seed,
        accuracy: share(given),
        trueAccuracy: share(rows.test.map((row) => truth[row % truth.length])),
        confusion: confusionMatrix(Uint8Array.from(given), Uint8Array.from(predicted), classes),
        trainAccuracy,
        predicted: EMOTIONS.map((_, index) => predicted.filter((each) => each === index).length),
      }
    },
    async dispose() {
      for (const each of trained.values()) (await each).model.dispose()
    },
  }
}

const PAPER = {
  features: WIDTH,
  lstmUnits: [128, 128],
  denseUnits: 32,
  dropout: 0.2,
  classes: EMOTIONS.length,
} as const

/** The side of each joined row, clean ones first. */
function splitRows(recordings: readonly Recording[], split: Way['split'], seed: number): Int8Array {
  const item = (sha256: string, parent: string | null) => ({
    sha256,
    parent: split === 'recordings' ? parent : null,
    label: '',
    speaker: '',
    word: null,
    split: null,
  })
  const clean = recordings.map(({ sha256 }) => item(sha256, null))
  const noisy = recordings.map(({ sha256 }) => item(contentHash({ noisy: sha256 }), sha256))
  return splitClips([...clean, ...noisy], { by: 'clip', test: 0.25 }, seed).sides
}
