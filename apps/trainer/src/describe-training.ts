import { EMOTIONS, featureRanges, type RunSpec } from '@ser/contracts'
import type { StoredFeatureSet } from '@ser/database'
import { selectedLength } from '@ser/model'
import type { TrainOrder } from './train-messages.ts'

type Training = Pick<TrainOrder, 'architecture' | 'description' | 'recipe' | 'inputs'>

/** What a run's spec says of the network, of its inputs, and of how it is trained. Options that it does not name stay absent. */
export function describeTraining(spec: RunSpec, { spec: featureSpec, extractor }: StoredFeatureSet): Training {
  const { layout, lstmUnits, denseUnits, dropout, convolutions, bidirectional, pooling, features: groups } = spec
  const { seed, epochs, batchSize, learningRate, earlyStopping, schedule, classWeights, labelSmoothing } = spec
  const { weightDecay, clipNorm, noise } = spec
  const features = selectedLength(spec.featureSet, groups)
  const classes = EMOTIONS.length
  return {
    architecture: {
      layout,
      features,
      lstmUnits,
      denseUnits,
      dropout,
      classes,
      ...present({ convolutions, bidirectional, pooling }),
    },
    description: { labels: [...EMOTIONS], features: { spec: featureSpec, extractor, groups } },
    recipe: {
      seed,
      epochs,
      batchSize,
      learningRate,
      ...present({ earlyStopping, schedule, classWeights, labelSmoothing, weightDecay, clipNorm, noise }),
    },
    inputs: describeInputs(spec),
  }
}

function describeInputs({ features, featureSet, scale, normalisation }: RunSpec): Training['inputs'] {
  const standard = normalisation === 'standard' ? { standard: true } : {}
  const place = features.indexOf('mel')
  const { mel } = featureRanges(featureSet)
  if (scale !== 'decibel' || place < 0 || mel === undefined) return standard
  const start = selectedLength(featureSet, features.slice(0, place))
  const [from, to] = mel
  return { ...standard, decibel: [start, start + to - from] }
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

/** Without what is undefined. */
function present<T extends object>(options: T): Present<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.fromEntries forgets which keys it was given
  return Object.fromEntries(entries) as Present<T>
}
