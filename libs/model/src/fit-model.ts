import { SerError, type Epoch } from '@ser/contracts'
import { computeLogits, type Model } from './build-model.ts'
import { createGenerator, shuffledIndices, type Generator } from './generate-random.ts'
import { predictLogits } from './predict-probabilities.ts'
import { addScores, NO_SCORE, scoreLogits, type Score } from './score-logits.ts'

/** Recordings with their classes. */
export type Examples = {
  /** Row major, F raw features a recording. */
  readonly vectors: Float32Array
  /** The class of each recording, 0 to `classes - 1`. */
  readonly labels: Uint8Array
}

export type FitOptions = {
  readonly model: Model
  readonly train: Examples
  readonly test: Examples
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  /** Of shuffling and dropout, 0 to 2^32 - 1. */
  readonly seed: number
  /** Called after each epoch, and awaited. */
  readonly onEpoch?: (figures: Epoch) => void | Promise<void>
  /** Looked at after each batch. */
  readonly signal?: AbortSignal
}

/**
 * Trains a model in place: Adam (0.9, 0.999, 1e-7) on the categorical cross-entropy, recordings shuffled for every epoch, the last
 * batch as small as it comes. Equal options give equal numbers to the last digit on the same kind of processor, backend and
 * number of threads.
 *
 * Training loss and accuracy are measured as Keras does: over the epoch's batches, each before its step and with dropout, so they
 * trail what the model can do at the epoch's end. Those of the test side are measured at its end, without dropout.
 *
 * @throws SerError NOT_ENOUGH_EXAMPLES, FEATURES_NOT_FINITE, TRAINING_DIVERGED (all `bad-input`); the signal's reason when it is
 * aborted
 */
export async function fitModel({
  model,
  train,
  test,
  epochs,
  batchSize,
  learningRate,
  seed,
  onEpoch,
  signal,
}: FitOptions) {
  checkExamples(model, train, 'train')
  checkExamples(model, test, 'test')
  const optimizer = model.tf.train.adam(learningRate, 0.9, 0.999, 1e-7)
  const shuffle = createGenerator(seed, 'shuffle')
  const dropout = createGenerator(seed, 'dropout')
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const startedMs = performance.now()
      let trained = NO_SCORE
      const order = shuffledIndices(train.labels.length, shuffle)
      for (let start = 0; start < order.length; start += batchSize) {
        const batch = gatherExamples(train, order.subarray(start, start + batchSize), model.architecture.features)
        trained = addScores(trained, trainOnBatch(model, optimizer, batch, dropout))
        await eventLoopTurn()
        signal?.throwIfAborted()
      }
      checkWeights(model, epoch)
      const tested = scoreLogits(predictLogits(model, test.vectors), test.labels, model.architecture.classes)
      await onEpoch?.(epochFigures(epoch, trained, tested, (performance.now() - startedMs) / 1000))
      signal?.throwIfAborted()
    }
  } finally {
    optimizer.dispose()
  }
}

type Optimizer = ReturnType<Model['tf']['train']['adam']>

/** One step of the optimizer; gives the batch's score before the step. */
function trainOnBatch(model: Model, optimizer: Optimizer, { vectors, labels }: Examples, dropout: Generator): Score {
  const { tf, architecture, weights } = model
  const count = labels.length
  const logits = tf.tidy(() => {
    const inputs = tf.tensor2d(vectors, [count, architecture.features])
    const truth = tf.oneHot(tf.tensor1d(labels, 'int32'), architecture.classes)
    const mask =
      architecture.dropout > 0
        ? tf.tensor2d(dropoutMask(model, count, dropout), [count, architecture.denseUnits])
        : undefined
    let outputs = tf.zeros([0])
    const { grads } = tf.variableGrads(() => {
      const computed = computeLogits(model, inputs, mask)
      outputs = tf.keep(computed)
      return tf.losses.softmaxCrossEntropy(truth, computed).asScalar()
    }, [...weights.values()])
    optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })))
    const values = outputs.dataSync<'float32'>()
    outputs.dispose()
    return values
  })
  return scoreLogits(logits, labels, architecture.classes)
}

/** Inverted dropout: what is kept is scaled up, so that nothing changes when predicting. */
function dropoutMask({ architecture }: Model, count: number, random: Generator): Float32Array {
  const { dropout, denseUnits } = architecture
  return Float32Array.from({ length: count * denseUnits }, () => (random() < dropout ? 0 : 1 / (1 - dropout)))
}

function gatherExamples({ vectors, labels }: Examples, rows: Uint32Array, features: number): Examples {
  const gathered = { vectors: new Float32Array(rows.length * features), labels: new Uint8Array(rows.length) }
  for (const [place, row] of rows.entries()) {
    gathered.vectors.set(vectors.subarray(row * features, (row + 1) * features), place * features)
    gathered.labels[place] = labels[row]
  }
  return gathered
}

function epochFigures(epoch: number, trained: Score, tested: Score, seconds: number): Epoch {
  return {
    epoch,
    trainLoss: trained.lossSum / trained.count,
    trainAccuracy: trained.hits / trained.count,
    testLoss: tested.lossSum / tested.count,
    testAccuracy: tested.hits / tested.count,
    seconds,
  }
}

/** The weights are looked at, not the loss: a ReLU turns NaN into 0, and so a lost network into a constant guess with a finite loss. */
function checkWeights({ weights }: Model, epoch: number): void {
  for (const [name, weight] of weights) {
    if (weight.dataSync<'float32'>().every(Number.isFinite)) continue
    const message = `the weights ${name} are no longer numbers after epoch ${epoch}: try a smaller learning rate`
    throw new SerError('TRAINING_DIVERGED', message, { kind: 'bad-input', ids: { epoch } })
  }
}

function checkExamples({ architecture }: Model, { vectors, labels }: Examples, side: string): void {
  if (labels.length === 0) {
    throw new SerError('NOT_ENOUGH_EXAMPLES', `there is no recording on the ${side} side`, { kind: 'bad-input' })
  }
  if (vectors.length !== labels.length * architecture.features) {
    throw new RangeError(
      `${vectors.length} values for ${labels.length} recordings of ${architecture.features} on the ${side} side`,
    )
  }
  const row = vectors.findIndex((value) => !Number.isFinite(value))
  if (row >= 0) {
    const message = `recording ${Math.floor(row / architecture.features)} of the ${side} side has a feature that is not a number`
    throw new SerError('FEATURES_NOT_FINITE', message, { kind: 'bad-input' })
  }
  if (labels.some((label) => label >= architecture.classes)) {
    throw new RangeError(`a label on the ${side} side is not one of ${architecture.classes} classes`)
  }
}

/** Lets messages, signals and timers in between two batches. */
function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
