import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs'
import { gaussianNoise, partsOf, type Recordings, type Sequences } from './batch-examples.ts'
import { computeLogits, type Model } from './build-model.ts'
import { drawCrop, drawMixture, dropInputs, mixSequences, type Mixture } from './disturb-batch.ts'
import type { Generator } from './generate-random.ts'
import type { Tensorflow } from './load-tensorflow.ts'
import type { MemoryMeter } from './measure-memory.ts'
import { addScores, differentiateLoss, NO_SCORE, type LossOptions, type Score } from './score-logits.ts'
import type { TrainingState } from './training-state.ts'
import { updateWeights, type UpdateOptions, type WeightValues } from './update-weights.ts'

export type BatchOptions = {
  readonly model: Model
  readonly state: TrainingState
  readonly recordings: Recordings
  readonly labels: Uint8Array
  readonly loss: LossOptions
  readonly update: UpdateOptions
  /** What is done to the inputs, as `FitOptions` has it. */
  readonly disturbance: Disturbance
  readonly meter: MemoryMeter
}

export type Disturbance = {
  readonly noise?: number | undefined
  readonly inputDropout?: number | undefined
  readonly mixup?: number | undefined
  readonly crop?: number | undefined
}

/** One step of the optimizer; gives the batch's score before the step. A batch that is too long for the memory is done in parts. */
export function trainOnBatch(batch: Uint32Array, options: BatchOptions): Score {
  const { model, state, recordings, labels, loss, disturbance } = options
  const mixture = disturbance.mixup === undefined ? undefined : drawMixture(batch, disturbance.mixup, state.mixup)
  const labelsOf = (some: Uint32Array) => Uint8Array.from(some, (recording) => labels[recording])
  const sum = new Map<string, Float32Array>()
  let score = NO_SCORE
  let done = 0
  for (const part of partsOf(batch, recordings.lengthOf)) {
    const mixed = mixture && sliceMixture(mixture, done, part.length)
    done += part.length
    const others = mixed && { labels: labelsOf(mixed.partners), shares: mixed.shares }
    const targets = { labels: labelsOf(part), ...(others === undefined ? {} : { others }) }
    const lossOf = (logits: Float32Array) => {
      const { score: partScore, gradient } = differentiateLoss(logits, targets, loss, batch.length)
      score = addScores(score, partScore)
      return gradient
    }
    addGradients(sum, differentiate(options, disturb(part, mixed, options), lossOf))
  }
  updateWeights(state.weights, sum, state.moments, options.update)
  setWeights(model, state.weights)
  return score
}

/** The inputs of some recordings: cut, mixed, with noise, and parts of them dropped. */
function disturb(part: Uint32Array, mixture: Mixture | undefined, options: BatchOptions): Sequences {
  const { model, state, recordings, disturbance } = options
  const { noise, inputDropout, crop } = disturbance
  const inputs = recordings.gather(part, {
    // Noise comes after the mixing, which would make it smaller.
    noise: noise === undefined || mixture !== undefined ? undefined : gaussianNoise(noise, state.noise),
    crop: crop === undefined ? undefined : drawCrop(crop, state.crop),
  })
  if (mixture !== undefined) {
    mixSequences(inputs, recordings.gather(mixture.partners), mixture.shares)
    if (noise !== undefined) addNoise(inputs, gaussianNoise(noise, state.noise))
  }
  if (inputDropout !== undefined) {
    const wholeColumns = model.architecture.layout === 'frames'
    dropInputs(inputs, { rate: inputDropout, wholeColumns, random: state.inputs })
  }
  return inputs
}

/** Mixed recordings have no frames: every value is real. */
function addNoise({ values }: Sequences, noise: () => number): void {
  for (let at = 0; at < values.length; at++) values[at] += noise()
}

function sliceMixture({ partners, shares }: Mixture, start: number, count: number): Mixture {
  return { partners: partners.subarray(start, start + count), shares: shares.subarray(start, start + count) }
}

/** Gives the model's tensors the values of a training. */
export function setWeights({ tf, weights }: Model, values: WeightValues): void {
  tf.tidy(() => {
    for (const [name, variable] of weights) {
      const current = values.get(name)
      if (current === undefined) throw new Error(`no values for the weights ${name}`)
      // A copy: a tensor may go on using the array that it was made of, and this one changes with the next step.
      variable.assign(tf.tensor(current.slice(), variable.shape))
    }
  })
}

/**
 * The slope of the loss in each weight. The loss itself is computed in JavaScript, in float64, from the outputs that are needed
 * there anyway, and so is its slope in them.
 */
function differentiate(
  { model, state, meter }: BatchOptions,
  sequences: Sequences,
  slopeOf: (logits: Float32Array) => Float32Array,
): Map<string, Float32Array> {
  const { tf, architecture } = model
  const gradients = new Map<string, Float32Array>()
  tf.tidy(() => {
    const mask = dropoutMask(model, sequences.shape[1], state.dropout)
    const loss = () => {
      const logits = computeLogits(model, sequences, mask)
      const slope = slopeOf(logits.dataSync<'float32'>())
      meter.look()
      return withSlope(tf, logits, tf.tensor2d(slope, [sequences.shape[1], architecture.classes]))
    }
    const { grads } = tf.variableGrads(loss, [...model.weights.values()])
    meter.look()
    for (const [name, variable] of model.weights) {
      // The recurrent kernel of a sequence of one step has no part in the loss.
      const gradient = variable.name in grads ? grads[variable.name] : undefined
      if (gradient !== undefined) gradients.set(name, gradient.dataSync<'float32'>())
    }
  })
  return gradients
}

/** A number (which one does not matter) whose gradient in the outputs is the given slope. */
function withSlope(tf: Tensorflow, logits: Tensor2D, slope: Tensor2D): Scalar {
  const loss = tf.customGrad((_outputs, save) => {
    if (typeof save !== 'function') throw new TypeError('customGrad gives a function that saves as its last argument')
    save([slope])
    return { value: tf.scalar(0), gradFunc: (_gradient: Tensor, [saved]: Tensor[]) => saved }
  })
  return loss(logits).asScalar()
}

function addGradients(sum: Map<string, Float32Array>, gradients: ReadonlyMap<string, Float32Array>): void {
  for (const [name, gradient] of gradients) {
    const total = sum.get(name)
    if (total === undefined) sum.set(name, gradient)
    else for (let at = 0; at < total.length; at++) total[at] += gradient[at]
  }
}

/** Inverted dropout: what is kept is scaled up, so that nothing changes when predicting. */
function dropoutMask({ tf, architecture }: Model, count: number, random: Generator): Tensor2D {
  const { dropout, denseUnits } = architecture
  const values = new Float32Array(count * denseUnits)
  // A loop: `Float32Array.from` takes several times as long, which a small network feels.
  for (let at = 0; at < values.length; at++) values[at] = random() < dropout ? 0 : 1 / (1 - dropout)
  return tf.tensor2d(values, [count, denseUnits])
}
