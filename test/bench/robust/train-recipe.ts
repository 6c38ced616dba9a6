import { EMOTIONS, featureRanges, type FeatureSpec, type NetworkSpec } from '@ser/contracts'
import {
  buildModel,
  fitModel,
  fitNormalisation,
  predictInputs,
  selectedLength,
  selectFeatures,
  type Examples,
  type Inputs,
  type Model,
  type NormalisationOptions,
  type Tensorflow,
} from '@ser/model'
import { drawFew } from './draw-few.ts'

/** A recording or a variant of one. Recordings of one `voice` are of one speaker under like conditions. */
export type Row = {
  /** Of the whole recording, by the features that a network sees; of `frames` one frame after the other. */
  readonly vectorOf: (spec: FeatureSpec) => Float32Array
  readonly emotion: number
  readonly dataset: string
  readonly voice: string
}

export type RowsToTest = { readonly rows: readonly Row[]; readonly known?: number | undefined }
export type Sides = { readonly train: readonly Row[]; readonly tests: readonly RowsToTest[] }

/** Trains a network and gives for each test side its probabilities, row major. */
export async function tryNetwork(tf: Tensorflow, spec: NetworkSpec, { train, tests }: Sides): Promise<Float32Array[]> {
  const model = await trainNetwork(tf, spec, train)
  try {
    return tests.map((test) => predictRows(model, spec, test))
  } finally {
    model.dispose()
  }
}

/** The mean of the probabilities of several networks, each by its weight. */
export function averageNetworks(
  networks: readonly NetworkSpec[],
  probabilities: readonly (readonly Float32Array[])[],
): Float64Array[] {
  const total = networks.reduce((sum, { weight }) => sum + weight, 0)
  const [first] = probabilities
  return first.map((values, test) =>
    Float64Array.from(values, (_, at) =>
      networks.reduce((sum, { weight }, network) => sum + (weight / total) * probabilities[network][test][at], 0),
    ),
  )
}

async function trainNetwork(tf: Tensorflow, spec: NetworkSpec, rows: readonly Row[]): Promise<Model> {
  const training = examplesOf(rows, spec)
  const features = selectedLength(spec.featureSet, spec.features)
  const { layout, lstmUnits, denseUnits, dropout, seed, convolutions, bidirectional, pooling } = spec
  const model = buildModel(tf, {
    layout,
    features,
    lstmUnits,
    denseUnits,
    dropout,
    classes: EMOTIONS.length,
    ...present({ convolutions, bidirectional, pooling }),
    seed,
    normalisation: fitNormalisation({ ...training, features, ...inputsOf(spec) }),
  })
  const { epochs, batchSize, learningRate, schedule, classWeights, labelSmoothing, weightDecay, clipNorm } = spec
  const { noise, inputDropout, mixup, crop, sampling } = spec
  await fitModel({
    model,
    train: training,
    // Looked at after every epoch and used for nothing: as little as there can be, and of the training side.
    test: examplesOf(rows.slice(0, 1), spec),
    epochs,
    batchSize,
    learningRate,
    seed,
    ...present({ schedule, classWeights, labelSmoothing, weightDecay, clipNorm }),
    ...present({ noise, inputDropout, mixup, crop, sampling }),
  })
  return model
}

/** Each by the statistics of all that is tested of the speaker, or of only so many of the speaker's recordings. */
function predictRows(model: Model, spec: NetworkSpec, { rows, known }: RowsToTest): Float32Array {
  if (known === undefined) return predictInputs(model, inputsOfRows(rows, spec))
  const groups = drawFew(rows, known)
  const probabilities = predictInputs(model, {
    ...inputsOfRows(groups.flat(), spec),
    speakers: Uint32Array.from(groups.flatMap((group, index) => group.map(() => index))),
  })
  const starts = groups.map((_, index) => groups.slice(0, index).reduce((sum, { length }) => sum + length, 0))
  return Float32Array.from(
    starts.flatMap((start) => [...probabilities.subarray(start * EMOTIONS.length, (start + 1) * EMOTIONS.length)]),
  )
}

function examplesOf(rows: readonly Row[], spec: NetworkSpec): Examples {
  return {
    ...inputsOfRows(rows, spec),
    labels: Uint8Array.from(rows, ({ emotion }) => emotion),
    domains: numberEach(rows.map(({ dataset }) => dataset)),
  }
}

function inputsOfRows(rows: readonly Row[], { featureSet, features, layout }: NetworkSpec): Inputs {
  const vectors = rows.map(({ vectorOf }) => selectFeatures(vectorOf(featureSet), featureSet, features))
  const width = selectedLength(featureSet, features)
  return {
    vectors: concatenate(vectors),
    ...(layout === 'frames' ? { lengths: Uint32Array.from(vectors, ({ length }) => length / width) } : {}),
    speakers: numberEach(rows.map(({ voice }) => voice)),
  }
}

type Inputting = Pick<NormalisationOptions, 'decibel' | 'standard' | 'speaker'>

function inputsOf({ features, featureSet, scale, normalisation }: NetworkSpec): Inputting {
  const normalised = normalisation === undefined ? {} : { [normalisation]: true }
  const place = features.indexOf('mel')
  const { mel } = featureRanges(featureSet)
  if (scale !== 'decibel' || place < 0 || mel === undefined) return normalised
  const start = selectedLength(featureSet, features.slice(0, place))
  return { ...normalised, decibel: [start, start + mel[1] - mel[0]] }
}

function numberEach(names: readonly string[]): Uint32Array {
  const numbers = new Map([...new Set(names)].map((name, index) => [name, index]))
  return Uint32Array.from(names, (name) => numbers.get(name)!)
}

function concatenate(vectors: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(vectors.reduce((sum, { length }) => sum + length, 0))
  let place = 0
  for (const vector of vectors) {
    all.set(vector, place)
    place += vector.length
  }
  return all
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

/** Without what is undefined. */
function present<T extends object>(options: T): Present<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.fromEntries forgets which keys it was given
  return Object.fromEntries(entries) as Present<T>
}
