import type { Convolution, Pooling, RunSpec } from '@ser/contracts'
import { forgetGateBias, glorotUniform, orthogonal } from './initial-weights.ts'
import type { Generator } from './generate-random.ts'

/**
 * The paper's network: LSTM layers (all but the last return their sequence), dense ReLU, dropout, dense softmax; and what may be
 * added to it. `one-step` sees F features as a sequence of one step, [1, F]; `steps` as F steps of one value, [F, 1];
 * `frames` sees a recording's frames, [T, F], each recording with its own T.
 */
export type Architecture = {
  readonly layout: RunSpec['layout']
  /** F: how many values a recording (with `frames`, one of its frames) has. */
  readonly features: number
  readonly lstmUnits: readonly number[]
  readonly denseUnits: number
  /** The share of the dense layer's outputs that is dropped while training, [0, 1). */
  readonly dropout: number
  readonly classes: number
  /** Along time, before the LSTM layers. */
  readonly convolutions?: readonly Convolution[]
  /** Every LSTM layer reads the sequence in both directions; absent: forward only. */
  readonly bidirectional?: boolean
  /** How the last LSTM layer's outputs become one vector; absent: `last`. */
  readonly pooling?: Pooling
}

/** A weight: its name and shape as Keras and TensorFlow.js have them, and its values before training. */
export type WeightPlan = {
  readonly name: string
  readonly shape: readonly [number] | readonly [number, number] | readonly [number, number, number]
  readonly initial: (random: Generator) => Float32Array
}

/** The LSTMs of layer `index` (from 0) by name: one, or one for each direction as Keras' `Bidirectional` names them. */
export function lstmNames({ bidirectional = false }: Architecture, index: number): readonly string[] {
  const name = `lstm_${index + 1}`
  return bidirectional ? [`forward_${name}`, `backward_${name}`] : [name]
}

/** The weights of an architecture in the order in which Keras lists them. LSTM gates lie in the order i, f, c, o. */
export function planWeights(architecture: Architecture): WeightPlan[] {
  const { layout, features, lstmUnits, denseUnits, classes, convolutions = [], pooling = 'last' } = architecture
  const plans: WeightPlan[] = []
  let inputs = layout === 'steps' ? 1 : features
  for (const [index, convolution] of convolutions.entries()) {
    plans.push(...planConvolution(`conv1d_${index + 1}`, inputs, convolution))
    inputs = convolution.filters
  }
  for (const [index, units] of lstmUnits.entries()) {
    const names = lstmNames(architecture, index)
    for (const name of names) plans.push(...planLstm(name, inputs, units))
    inputs = names.length * units
  }
  if (isAttentive(pooling)) plans.push(kernelPlan('attention/kernel', inputs, 1))
  if (pooling === 'attentive-statistics') inputs *= 2
  return [...plans, ...planDense('dense_1', inputs, denseUnits), ...planDense('dense_2', denseUnits, classes)]
}

export function isAttentive(pooling: Pooling): boolean {
  return pooling === 'attention' || pooling === 'attentive-statistics'
}

/** How many steps of a sequence are left after the convolutions' pooling. */
export function pooledSteps(steps: number, convolutions: readonly Convolution[] = []): number {
  return convolutions.reduce((left, { pool }) => Math.floor(left / pool), steps)
}

function planConvolution(layer: string, inputs: number, { filters, kernel }: Convolution): WeightPlan[] {
  return [
    {
      name: `${layer}/kernel`,
      shape: [kernel, inputs, filters],
      initial: (random) => glorotUniform(kernel * inputs, kernel * filters, random, kernel * inputs * filters),
    },
    { name: `${layer}/bias`, shape: [filters], initial: () => new Float32Array(filters) },
  ]
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
