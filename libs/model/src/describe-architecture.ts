import type { RunSpec } from '@ser/contracts'
import { forgetGateBias, glorotUniform, orthogonal } from './initial-weights.ts'
import type { Generator } from './generate-random.ts'

/**
 * The paper's network: LSTM layers (all but the last return their sequence), dense ReLU, dropout, dense softmax.
 * `one-step` sees F features as a sequence of one step, [1, F]; `steps` as F steps of one value, [F, 1].
 */
export type Architecture = {
  readonly layout: RunSpec['layout']
  /** F: how many values a recording has. */
  readonly features: number
  readonly lstmUnits: readonly number[]
  readonly denseUnits: number
  /** The share of the dense layer's outputs that is dropped while training, [0, 1). */
  readonly dropout: number
  readonly classes: number
}

/** A weight: its name and shape as Keras and TensorFlow.js have them, and its values before training. */
export type WeightPlan = {
  readonly name: string
  readonly shape: readonly [number] | readonly [number, number]
  readonly initial: (random: Generator) => Float32Array
}

/** The weights of an architecture in the order in which Keras lists them. LSTM gates lie in the order i, f, c, o. */
export function planWeights({ layout, features, lstmUnits, denseUnits, classes }: Architecture): WeightPlan[] {
  const plans: WeightPlan[] = []
  let inputs = layout === 'one-step' ? features : 1
  lstmUnits.forEach((units, index) => {
    plans.push(...planLstm(`lstm_${index + 1}`, inputs, units))
    inputs = units
  })
  return [...plans, ...planDense('dense_1', inputs, denseUnits), ...planDense('dense_2', denseUnits, classes)]
}

function planLstm(layer: string, inputs: number, units: number): WeightPlan[] {
  return [
    kernelPlan(`${layer}/kernel`, inputs, 4 * units),
    {
      name: `${layer}/recurrent_kernel`,
      shape: [units, 4 * units],
      initial: (random) => orthogonal(units, 4 * units, random),
    },
    { name: `${layer}/bias`, shape: [4 * units], initial: () => forgetGateBias(units) },
  ]
}

function planDense(layer: string, inputs: number, units: number): WeightPlan[] {
  return [
    kernelPlan(`${layer}/kernel`, inputs, units),
    { name: `${layer}/bias`, shape: [units], initial: () => new Float32Array(units) },
  ]
}

function kernelPlan(name: string, inputs: number, outputs: number): WeightPlan {
  return { name, shape: [inputs, outputs], initial: (random) => glorotUniform(inputs, outputs, random) }
}
