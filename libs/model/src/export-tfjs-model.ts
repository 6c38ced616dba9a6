import { SerError } from '@ser/contracts'
import type { layers as tfLayers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs'
import type { Model } from './build-model.ts'
import { lstmNames } from './describe-architecture.ts'
import type { Normalisation } from './normalise-inputs.ts'

/** The two files of a TensorFlow.js layers model; `modelJson` names the other as `weights.bin`. */
export type TfjsModelFiles = { readonly modelJson: string; readonly weights: Uint8Array }

type Layer = InstanceType<typeof tfLayers.Layer>

/** A stock layer and the values of its weights, in its order. */
type Placed = { readonly layer: Layer; readonly values: readonly Float32Array[] }

/** A frame of nothing but this is none: what fills up sequences that are shorter than others. */
export const MASK_VALUE = -1e9

/**
 * A model in TensorFlow.js' own format, of stock layers only: `tf.loadLayersModel` opens it anywhere, and
 * `tensorflowjs_converter` turns it into a Keras model. Its input is [1, F], [F, 1] or, in the layout `frames`, [T, F], raw features;
 * standardisation is in it, as a batch normalisation.
 *
 * What stock layers cannot do: turn the mel part into decibels (the input must already be; `userDefinedMetadata.decibel` in
 * model.json names the columns), normalise by speaker (the input must already be; `userDefinedMetadata.speaker` has the training
 * speakers' statistics), and take sequences of unequal length in one batch, unless they are read forward only, pooled by
 * `last` and without convolutions: then frames of nothing but `MASK_VALUE` are left out.
 *
 * @throws SerError MODEL_NOT_EXPORTABLE (conflict) for a model that pools by attentive statistics
 */
export function exportTfjsModel(model: Model): TfjsModelFiles {
  const { tf, architecture, normalisation } = model
  if (architecture.pooling === 'attentive-statistics') {
    const message =
      'TensorFlow.js has no stock layers for attentive statistics: pool by attention, or use the model file'
    throw new SerError('MODEL_NOT_EXPORTABLE', message, { kind: 'conflict' })
  }
  const { stock, placed } = assembleStock(model)
  const weights = placed.flatMap(({ layer, values }) =>
    layer.weights.map(({ originalName, shape }, index) => ({
      spec: { name: originalName, shape, dtype: 'float32' },
      values: values[index],
    })),
  )
  const owed = describeOwed(normalisation)
  const modelJson = JSON.stringify({
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tf.version_layers}`,
    convertedBy: null,
    modelTopology: stock.toJSON(null, false),
    weightsManifest: [{ paths: ['weights.bin'], weights: weights.map(({ spec }) => spec) }],
    ...(owed === undefined ? {} : { userDefinedMetadata: owed }),
  })
  stock.dispose()
  const bytes = weights.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength))
  return { modelJson, weights: Buffer.concat(bytes) }
}

/** What must have been done to the inputs. */
function describeOwed({ decibel, speaker }: Normalisation = {}): object | undefined {
  if (decibel === undefined && speaker === undefined) return undefined
  if (speaker === undefined) return { decibel }
  const { mean, deviation, ...numbers } = speaker
  return {
    ...(decibel === undefined ? {} : { decibel }),
    speaker: { ...numbers, mean: [...mean], deviation: [...deviation] },
  }
}

/** The network as stock layers with initial weights, and what their weights are to be. */
function assembleStock(model: Model): { stock: LayersModel; placed: Placed[] } {
  const { tf, architecture } = model
  const { layers } = tf
  const placed: Placed[] = []
  const add = (layer: Layer, input: SymbolicTensor, values: readonly Float32Array[] = []): SymbolicTensor => {
    placed.push({ layer, values })
    return only(layer.apply(input))
  }
  const valuesOf = (...names: readonly string[]) => names.map((name) => valueOf(model, name))
  const dense = (name: string, units: number, activation: 'relu' | 'softmax', input: SymbolicTensor) =>
    add(layers.dense({ name, units, activation }), input, valuesOf(`${name}/kernel`, `${name}/bias`))

  const input = tf.input({ shape: inputShape(model), name: 'features' })
  let output = addInputs(model, add, input)
  for (const [index, { filters, kernel, pool }] of (architecture.convolutions ?? []).entries()) {
    const name = `conv1d_${index + 1}`
    const layer = layers.conv1d({ name, filters, kernelSize: kernel, padding: 'same', activation: 'relu' })
    output = add(layer, output, valuesOf(`${name}/kernel`, `${name}/bias`))
    if (pool > 1)
      output = add(layers.maxPooling1d({ name: `pool_${index + 1}`, poolSize: pool, strides: pool }), output)
  }
  for (const index of architecture.lstmUnits.keys()) {
    const names = lstmNames(architecture, index).flatMap((name) =>
      ['kernel', 'recurrent_kernel', 'bias'].map((part) => `${name}/${part}`),
    )
    output = add(lstmLayer(model, index), output, valuesOf(...names))
  }
  output = addPooling(model, add, output)
  output = dense('dense_1', architecture.denseUnits, 'relu', output)
  output = add(layers.dropout({ name: 'dropout_1', rate: architecture.dropout }), output)
  output = dense('dense_2', architecture.classes, 'softmax', output)
  return { stock: tf.model({ inputs: input, outputs: output, name: 'ser' }), placed }
}

type Add = (layer: Layer, input: SymbolicTensor, values?: readonly Float32Array[]) => SymbolicTensor

function inputShape({ architecture: { layout, features } }: Model): (number | null)[] {
  if (layout === 'one-step') return [1, features]
  return layout === 'steps' ? [features, 1] : [null, features]
}

/** Mask and standardisation, where the model has them. */
function addInputs({ tf, architecture, normalisation }: Model, add: Add, input: SymbolicTensor): SymbolicTensor {
  const { layout, convolutions, bidirectional = false, pooling = 'last' } = architecture
  const canMask = layout === 'frames' && convolutions === undefined && !bidirectional && pooling === 'last'
  const masked = canMask ? add(tf.layers.masking({ name: 'masking', maskValue: MASK_VALUE }), input) : input
  const standard = normalisation?.standard
  if (standard === undefined) return masked
  const axis = layout === 'steps' ? 1 : 2
  const layer = tf.layers.batchNormalization({ name: 'standardise', axis, epsilon: 0, center: false, scale: false })
  return add(layer, masked, [standard.mean, standard.deviation.map((value) => value * value)])
}

function lstmLayer({ tf, architecture }: Model, index: number): Layer {
  const { lstmUnits, bidirectional = false, pooling = 'last' } = architecture
  const lstm = tf.layers.lstm({
    name: `lstm_${index + 1}`,
    units: lstmUnits[index],
    returnSequences: pooling !== 'last' || index < lstmUnits.length - 1,
    activation: 'tanh',
    recurrentActivation: 'sigmoid',
    // The initial values do not matter, and orthogonal ones take time.
    recurrentInitializer: 'zeros',
  })
  if (!bidirectional) return lstm
  return tf.layers.bidirectional({ name: `bidirectional_${index + 1}`, layer: lstm, mergeMode: 'concat' })
}

function addPooling(model: Model, add: Add, sequence: SymbolicTensor): SymbolicTensor {
  const { tf, architecture } = model
  const { layers } = tf
  const { pooling = 'last' } = architecture
  if (pooling === 'last') return sequence
  if (pooling === 'mean') return add(layers.globalAveragePooling1d({ name: 'mean' }), sequence)
  const scores = add(layers.dense({ name: 'attention', units: 1, useBias: false }), sequence, [
    valueOf(model, 'attention/kernel'),
  ])
  const rows = add(layers.permute({ name: 'attention_over_time', dims: [2, 1] }), scores)
  const weights = add(layers.softmax({ name: 'attention_weights', axis: -1 }), rows)
  const dot = layers.dot({ name: 'attended', axes: [2, 1] })
  return add(layers.flatten({ name: 'attended_vector' }), only(dot.apply([weights, sequence])))
}

function valueOf({ weights }: Model, name: string): Float32Array {
  const variable = weights.get(name)
  if (variable === undefined) throw new Error(`the model has no weight ${name}`)
  return variable.dataSync<'float32'>()
}

function only(output: ReturnType<Layer['apply']>): SymbolicTensor {
  if (Array.isArray(output) || !('sourceLayer' in output)) throw new TypeError('a layer gives one symbolic tensor')
  return output
}
