import { createAsyncWaveformLoader, type AsyncWaveformLoader } from '@ser/audio'
import { EMOTIONS, SerError, type Emotion } from '@ser/contracts'
import { createRowExtractor, extractorVersion } from '@ser/features'
import { loadModel, loadTensorflow, predictProbabilities, selectFeatures } from '@ser/model'

export type Probabilities = Record<Emotion, number>

/** A model and the features that it was trained on. */
export type Classifier = {
  /** Hz of the samples that `featuresOf` takes. */
  readonly sampleRate: number
  /** A recording as such samples; keeps the resamplers' tables. */
  readonly load: AsyncWaveformLoader
  /** What the model file asks for: a vector, or a row for each frame. */
  readonly featuresOf: (samples: Float32Array) => Float32Array
  /** One call of the model for all rows. */
  readonly classify: (rows: readonly Float32Array[]) => Probabilities[]
  readonly dispose: () => void
}

/**
 * Reads a model file, and makes ready the extractor that it names.
 *
 * @throws SerError EXTRACTOR_MISMATCH (`conflict`), and what `loadModel` throws
 */
export async function loadClassifier(bytes: Uint8Array, maxSeconds: number): Promise<Classifier> {
  const { tf } = await loadTensorflow()
  const { model, description } = loadModel(tf, bytes)
  const { extractor: version, spec, groups } = description.features
  const ours = extractorVersion(spec)
  if (version !== ours) {
    model.dispose()
    throw new SerError(
      'EXTRACTOR_MISMATCH',
      `the model was trained on features of extractor ${version}, and this server computes those of ${ours}: train it again`,
      { kind: 'conflict' },
    )
  }
  const toRows = createRowExtractor(spec)
  const { classes, features, layout } = model.architecture
  return {
    sampleRate: spec.sampleRate,
    load: createAsyncWaveformLoader({ sampleRate: spec.sampleRate, maxSeconds }),
    featuresOf: (samples) => selectFeatures(toRows(samples), spec, groups),
    classify(rows) {
      const lengths = layout === 'frames' ? Uint32Array.from(rows, (row) => row.length / features) : undefined
      const outputs = predictProbabilities(model, joinRows(rows), lengths)
      return rows.map((_, row) => nameProbabilities(description.labels, outputs.subarray(row * classes)))
    },
    dispose: () => model.dispose(),
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
