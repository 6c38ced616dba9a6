import { createAsyncWaveformLoader, type AsyncWaveformLoader } from '@ser/audio'
import { EMOTIONS, type Emotion, type SpeakerStatistics } from '@ser/contracts'
import {
  createRowMaker,
  disposeMembers,
  joinRows,
  loadMembers,
  loadTensorflow,
  needsSpeakers,
  predictMembers,
  SPEAKER_DEFAULTS,
  type MemberRows,
} from '@ser/model'

export type Probabilities = Record<Emotion, number>

/** Whether recordings are known to be of one speaker. */
export type Whose = 'one speaker' | 'anybody'

/** A model and the features that it was trained on. */
export type Classifier = {
  /** Hz of the samples that `featuresOf` takes. */
  readonly sampleRate: number
  /** A recording as such samples; keeps the resamplers' tables. */
  readonly load: AsyncWaveformLoader
  /** What the model file asks for, of each of its networks: a vector, or a row for each frame. */
  readonly featuresOf: (samples: Float32Array) => MemberRows
  /** One call of the model for all recordings. */
  readonly classify: (recordings: readonly MemberRows[], whose?: Whose) => Probabilities[]
  /** By what so many recordings are normalised where that is done by speaker; null: it is not. */
  readonly normalisedBy: (recordings: number, whose?: Whose) => SpeakerStatistics | null
  readonly dispose: () => void
}

/**
 * Reads a model file, and makes ready the extractor that it names.
 *
 * @throws SerError what `loadMembers` and `createRowMaker` throw
 */
export async function loadClassifier(bytes: Uint8Array, maxSeconds: number): Promise<Classifier> {
  const { tf } = await loadTensorflow()
  const ensemble = loadMembers(tf, bytes)
  const { labels, members } = ensemble
  const { sampleRate } = members[0].features.spec
  const featuresOf = createRowMaker(ensemble)
  const isBySpeaker = needsSpeakers(ensemble)
  return {
    sampleRate,
    load: createAsyncWaveformLoader({ sampleRate, maxSeconds }),
    featuresOf,
    classify(recordings, whose = 'anybody') {
      const speakers = whose === 'one speaker' ? new Uint32Array(recordings.length) : undefined
      const inputs = joinRows(ensemble, recordings, speakers)
      const outputs = predictMembers(members, inputs)
      return recordings.map((_, row) => nameProbabilities(labels, outputs.subarray(row * labels.length)))
    },
    normalisedBy(recordings, whose = 'anybody') {
      if (!isBySpeaker) return null
      const isEnough = whose === 'one speaker' && recordings >= SPEAKER_DEFAULTS.fewest
      return isEnough ? { of: 'batch', recordings } : { of: 'training-speakers', recordings: 0 }
    },
    dispose: () => disposeMembers(ensemble),
  }
}

function nameProbabilities(labels: readonly string[], outputs: Float32Array): Probabilities {
  return mapEmotions((name) => outputs[labels.indexOf(name)] ?? 0)
}

/** A value for each of the seven. */
export function mapEmotions(valueOf: (emotion: Emotion) => number): Probabilities {
  const named = EMOTIONS.map((name) => [name, valueOf(name)] as const)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.fromEntries forgets which keys it was given
  return Object.fromEntries(named) as Probabilities
}
