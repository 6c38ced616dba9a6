import type { Model } from './build-model.ts'
import { planWeights, type Architecture } from './describe-architecture.ts'

/** The two files of a TensorFlow.js layers model; `modelJson` names the other as `weights.bin`. */
export type TfjsModelFiles = { readonly modelJson: string; readonly weights: Uint8Array }

/**
 * A model in TensorFlow.js' own format, of stock layers only: `tf.loadLayersModel` opens it anywhere, and
 * `tensorflowjs_converter` turns it into a Keras model. Its input is [1, F] or [F, 1], raw features.
 */
export function exportTfjsModel(model: Model): TfjsModelFiles {
  const values = [...model.weights.values()].map((weight) => Buffer.from(weight.dataSync<'float32'>().buffer))
  const modelJson = JSON.stringify({
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${model.tf.version_layers}`,
    convertedBy: null,
    modelTopology: sequentialTopology(model.architecture, model.tf.version_layers),
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: planWeights(model.architecture).map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
      },
    ],
  })
  return { modelJson, weights: Buffer.concat(values) }
}

/** The layers as Keras writes them. */
function sequentialTopology(
  { layout, features, lstmUnits, denseUnits, dropout, classes }: Architecture,
  version: string,
) {
  const inputShape = layout === 'one-step' ? [null, 1, features] : [null, features, 1]
  const lstmLayers = lstmUnits.map((units, index) => ({
    class_name: 'LSTM',
    config: {
      name: `lstm_${index + 1}`,
      ...(index === 0 ? { batch_input_shape: inputShape, dtype: 'float32' } : {}),
      units,
      return_sequences: index < lstmUnits.length - 1,
      activation: 'tanh',
      recurrent_activation: 'sigmoid',
      use_bias: true,
      unit_forget_bias: true,
    },
  }))
  const layers = [
    ...lstmLayers,
    denseLayer('dense_1', denseUnits, 'relu'),
    { class_name: 'Dropout', config: { name: 'dropout_1', rate: dropout } },
    denseLayer('dense_2', classes, 'softmax'),
  ]
  return {
    class_name: 'Sequential',
    config: { name: 'sequential_1', layers },
    keras_version: `tfjs-layers ${version}`,
    backend: 'tensor_flow.js',
  }
}

function denseLayer(name: string, units: number, activation: string) {
  return { class_name: 'Dense', config: { name, units, activation, use_bias: true } }
}
