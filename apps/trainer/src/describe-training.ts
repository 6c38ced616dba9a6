import { EMOTIONS, featureRanges, type NetworkSpec } from '@ser/contracts'
import type { StoredFeatureSet } from '@ser/database'
import { selectedLength } from '@ser/model'
import type { TrainedNetwork } from './train-messages.ts'

type Training = Omit<TrainedNetwork, 'input'>

/** What a run's spec says of a network, of its inputs, and of how it is trained. Options that it does not name stay absent. */
export function describeTraining(spec: NetworkSpec, { spec: featureSpec, extractor }: StoredFeatureSet): Training {
  const { layout, lstmUnits, denseUnits, dropout, convolutions, bidirectional, pooling, features: groups } = spec
  const { seed, epochs, batchSize, learningRate, earlyStopping, schedule, classWeights, labelSmoothing } = spec
  const { weightDecay, clipNorm, noise, inputDropout, mixup, crop, sampling, weight } = spec
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
    features: { spec: featureSpec, extractor, groups },
    weight,
    recipe: {
      seed,
      epochs,
      batchSize,
      learningRate,
      ...present({ earlyStopping, schedule, classWeights, labelSmoothing, weightDecay, clipNorm, noise }),
      ...present({ inputDropout, mixup, crop, sampling }),
    },
    inputs: describeInputs(spec),
  }
}

function describeInputs({ features, featureSet, scale, normalisation }: NetworkSpec): Training['inputs'] {
  const standard = normalisation === undefined ? {} : { [normalisation]: true }
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
