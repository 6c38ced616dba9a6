import { createAsyncWaveformLoader, probeAudio } from '@ser/audio'
import { EMOTIONS, failureKind, SerError, type Emotion, type FailureKind, type Prediction } from '@ser/contracts'
import { createExtractor, EXTRACTOR_VERSION, type Extractor } from '@ser/features'
import {
  loadModel,
  loadTensorflow,
  predictProbabilities,
  selectFeatures,
  type Model,
  type ModelDescription,
} from '@ser/model'
import { createCache } from './create-cache.ts'

/** Work for the thread; `model` comes along only when the thread has said that it lacks it. */
export type PredictTask = {
  readonly recording: Uint8Array
  readonly maxSeconds: number
  readonly sha256: string
  readonly model?: Uint8Array
}

type Outcome = Pick<Prediction, 'emotion' | 'probabilities' | 'seconds' | 'sampleRate'>

/** Errors come as plain values: one that is thrown out of a thread loses its code and kind. */
export type PredictAnswer =
  | { readonly state: 'model-needed' }
  | { readonly state: 'done'; readonly outcome: Outcome }
  | { readonly state: 'refused'; readonly code: string; readonly kind: FailureKind; readonly message: string }

type Loaded = { readonly model: Model; readonly description: ModelDescription; readonly extractor: Extractor }

/** Decodes, extracts and classifies, in a thread whose loop nobody else needs. */
export const predict = createThread()

/** Models stay loaded, by the hash of their file. */
function createThread(): (task: PredictTask) => Promise<PredictAnswer> {
  const models = createCache<string, Loaded>({ most: 4, drop: ({ model }) => model.dispose() })
  return async (task) => {
    try {
      const loaded = models.get(task.sha256) ?? (task.model === undefined ? undefined : await load(task.model))
      if (loaded === undefined) return { state: 'model-needed' }
      models.set(task.sha256, loaded)
      return { state: 'done', outcome: await classify(task, loaded) }
    } catch (error) {
      return describeRefusal(error)
    }
  }
}

async function load(bytes: Uint8Array): Promise<Loaded> {
  const { tf } = await loadTensorflow()
  const { model, description } = loadModel(tf, bytes)
  const { extractor, spec } = description.features
  if (extractor !== EXTRACTOR_VERSION) {
    model.dispose()
    throw new SerError(
      'EXTRACTOR_MISMATCH',
      `the model was trained on features of extractor ${extractor}, and this server computes those of ${EXTRACTOR_VERSION}: train it again`,
      { kind: 'conflict' },
    )
  }
  return { model, description, extractor: createExtractor(spec) }
}

async function classify(
  { recording, maxSeconds }: PredictTask,
  { model, description, extractor }: Loaded,
): Promise<Outcome> {
  const { spec, groups } = description.features
  const { samples } = await createAsyncWaveformLoader({ sampleRate: spec.sampleRate, maxSeconds })(recording)
  const vector = extractor.extract(samples)
  const outputs = predictProbabilities(model, selectFeatures(vector, spec, groups))
  const probabilities = nameProbabilities(description.labels, outputs)
  const emotion = EMOTIONS.reduce((best, name) => (probabilities[name] > probabilities[best] ? name : best))
  const { frames, sampleRate } = probeAudio(recording)
  return { emotion, probabilities, seconds: frames / sampleRate, sampleRate }
}

function nameProbabilities(labels: readonly string[], outputs: Float32Array): Record<Emotion, number> {
  const named = EMOTIONS.map((name) => [name, outputs[labels.indexOf(name)] ?? 0] as const)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.fromEntries forgets which keys it was given
  return Object.fromEntries(named) as Record<Emotion, number>
}

function describeRefusal(error: unknown): PredictAnswer {
  if (error instanceof Error && 'code' in error && 'kind' in error && typeof error.code === 'string')
    return { state: 'refused', code: error.code, kind: failureKind(error), message: error.message }
  throw error
}
