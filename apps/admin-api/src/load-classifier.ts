import { createAsyncWaveformLoader, type AsyncWaveformLoader } from '@ser/audio'
import { EMOTIONS, SerError, type Emotion, type SpeakerStatistics } from '@ser/contracts'
import { createRowExtractors, extractorVersion } from '@ser/features'
import {
  disposeMembers,
  loadMembers,
  loadTensorflow,
  needsSpeakers,
  predictMembers,
  selectFeatures,
  SPEAKER_DEFAULTS,
  type Ensemble,
  type Inputs,
} from '@ser/model'

export type Probabilities = Record<Emotion, number>

/** What each network of a model sees of a recording. */
export type RecordingFeatures = readonly Float32Array[]

/** Whether recordings are known to be of one speaker. */
export type Whose = 'one speaker' | 'anybody'

/** A model and the features that it was trained on. */
export type Classifier = {
  /** Hz of the samples that `featuresOf` takes. */
  readonly sampleRate: number
  /** A recording as such samples; keeps the resamplers' tables. */
  readonly load: AsyncWaveformLoader
  /** What the model file asks for, of each of its networks: a vector, or a row for each frame. */
  readonly featuresOf: (samples: Float32Array) => RecordingFeatures
  /** One call of the model for all recordings. */
  readonly classify: (recordings: readonly RecordingFeatures[], whose?: Whose) => Probabilities[]
  /** By what so many recordings are normalised where that is done by speaker; null: it is not. */
  readonly normalisedBy: (recordings: number, whose?: Whose) => SpeakerStatistics | null
  readonly dispose: () => void
}

/**
 * Reads a model file, and makes ready the extractor that it names.
 *
 * @throws SerError EXTRACTOR_MISMATCH (`conflict`), and what `loadMembers` throws
 */
export async function loadClassifier(bytes: Uint8Array, maxSeconds: number): Promise<Classifier> {
  const { tf } = await loadTensorflow()
  const ensemble = loadMembers(tf, bytes)
  const { labels, members } = ensemble
  checkExtractors(ensemble)
  const { sampleRate } = members[0].features.spec
  const featuresOf = createFeatureMaker(ensemble)
  const isBySpeaker = needsSpeakers(ensemble)
  return {
    sampleRate,
    load: createAsyncWaveformLoader({ sampleRate, maxSeconds }),
    featuresOf,
    classify(recordings, whose = 'anybody') {
      const inputs = members.map((_, member) => joinInputs(ensemble, member, { recordings, whose }))
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

function checkExtractors(ensemble: Ensemble): void {
  for (const { features } of ensemble.members) {
    const ours = extractorVersion(features.spec)
    if (features.extractor === ours) continue
    disposeMembers(ensemble)
    throw new SerError(
      'EXTRACTOR_MISMATCH',
      `the model was trained on features of extractor ${features.extractor}, and this server computes those of ${ours}: train it again`,
      { kind: 'conflict' },
    )
  }
}

/** Networks share what is computed of the same features. */
function createFeatureMaker({ members }: Ensemble): Classifier['featuresOf'] {
  const features = members.map((member) => member.features)
  const toRows = createRowExtractors(features.map(({ spec }) => spec))
  return (samples) =>
    toRows(samples).map((rows, member) => {
      const { spec, groups } = features[member]
      return selectFeatures(rows, spec, groups)
    })
}

function joinInputs(
  { members }: Ensemble,
  member: number,
  { recordings, whose }: { recordings: readonly RecordingFeatures[]; whose: Whose },
): Inputs {
  const { features, layout } = members[member].model.architecture
  const rows = recordings.map((recording) => recording[member])
  return {
    vectors: joinRows(rows),
    ...(layout === 'frames' ? { lengths: Uint32Array.from(rows, (row) => row.length / features) } : {}),
    ...(whose === 'one speaker' ? { speakers: new Uint32Array(rows.length) } : {}),
  }
}

function joinRows(rows: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0))
  let at = 0
  for (const row of rows) {
    joined.set(row, at)
    at += row.length
  }
  return joined
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
