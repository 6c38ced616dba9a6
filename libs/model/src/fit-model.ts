import { SerError, type Epoch } from '@ser/contracts'
import { arrangeRecordings, checkExamples, drawBatches, type Examples, type Recordings } from './batch-examples.ts'
import type { Model } from './build-model.ts'
import { loadCheckpoint, saveCheckpoint } from './checkpoint-file.ts'
import { describeRecipe } from './describe-recipe.ts'
import { divideIntoCells, drawSamples, type Sampled } from './draw-samples.ts'
import type { FitOptions, FitResult } from './fit-options.ts'
import { createMemoryMeter, type MemoryMeter } from './measure-memory.ts'
import { normaliseInputs } from './normalise-inputs.ts'
import { predictLogits } from './predict-probabilities.ts'
import { scheduledRate } from './schedule-rate.ts'
import { addScores, balancedWeights, NO_SCORE, scoreLogits, type Score, type SideFigures } from './score-logits.ts'
import { setWeights, trainOnBatch } from './train-batch.ts'
import { beginTraining, copyWeights, type TrainingState } from './training-state.ts'
import { watchEpoch, watchPlateau } from './watch-figures.ts'

/** A side, ready to be cut into batches. */
type Side = Sampled & { readonly recordings: Recordings }

/**
 * Trains a model in place: Adam (0.9, 0.999, 1e-7) on the categorical cross-entropy, recordings shuffled for every epoch, the last
 * batch as small as it comes. Equal options give equal numbers to the last digit on the same kind of processor, backend and
 * number of threads, also when the training was interrupted and went on from a checkpoint.
 *
 * Training loss and accuracy are measured as Keras does: over the epoch's batches, each before its step and with dropout, so they
 * trail what the model can do at the epoch's end. Those of the other sides are measured at its end, without dropout.
 *
 * @throws SerError NOT_ENOUGH_EXAMPLES, FEATURES_NOT_FINITE, SEQUENCE_TOO_SHORT, TRAINING_DIVERGED (all `bad-input`),
 * CHECKPOINT_UNUSABLE (conflict); the signal's reason when it is aborted
 */
export async function fitModel(options: FitOptions): Promise<FitResult> {
  const { model, epochs, onEpoch, onCheckpoint, checkpointEvery = 1, signal } = options
  const untouched = prepareSide(model, options.train, 'train')
  const test = prepareSide(model, options.test, 'test')
  const validation = options.validation && prepareSide(model, options.validation, 'validation')
  checkOptions(options)
  const recipe = onCheckpoint === undefined && options.resumeFrom === undefined ? '' : describeRecipe(options)
  const state = startTraining(options, recipe)
  const resumedAfter = state.epoch
  const meter = createMemoryMeter(model.tf)

  while (state.epoch < epochs && !hasStopped(state, options)) {
    const startedMs = performance.now()
    const renewed = await options.renewal?.examples(state.epoch + 1)
    const waited = renewed === undefined ? {} : { waitedSeconds: (performance.now() - startedMs) / 1000 }
    const train = renewed === undefined ? untouched : prepareSide(model, renewed, 'train')
    const { score, learningRate } = await trainEpoch(options, train, state, meter)
    state.epoch += 1
    checkWeights(state)
    const measure = (side: Side) =>
      scoreLogits(predictLogits(model, side.recordings), side.labels, model.architecture.classes)
    const validated = validation && measure(validation)
    if (validated !== undefined) watchFigures(state, options, validated)
    const figures = epochFigures(state.epoch, score, measure(test), (performance.now() - startedMs) / 1000)
    await onEpoch?.({
      ...figures,
      ...waited,
      learningRate,
      ...(validated === undefined ? {} : { validation: validated }),
    })
    signal?.throwIfAborted()
    if (state.epoch % checkpointEvery === 0) await onCheckpoint?.(saveCheckpoint(state, recipe), state.epoch)
  }

  const stoppedEarly = state.epoch < epochs
  if (state.best !== undefined) setWeights(model, state.best)
  const weightsOfEpoch = state.best === undefined ? state.epoch : state.stopping.epoch
  return { epochs: state.epoch, resumedAfter, stoppedEarly, weightsOfEpoch, memory: meter.use() }
}

function prepareSide(model: Model, examples: Examples, name: string): Side {
  const { architecture, normalisation } = model
  checkExamples(architecture, examples, name)
  const { vectors } = normaliseInputs(examples, architecture.features, normalisation)
  const { labels, lengths, domains, speakers } = examples
  const recordings = arrangeRecordings(architecture, vectors, lengths)
  return {
    recordings,
    labels,
    ...(domains === undefined ? {} : { domains }),
    ...(speakers === undefined ? {} : { speakers }),
  }
}

function checkOptions({ model, validation, earlyStopping, schedule, mixup, crop }: FitOptions): void {
  const isFrames = model.architecture.layout === 'frames'
  if (mixup !== undefined && isFrames) throw new RangeError('recordings of frames are not mixed')
  if (crop !== undefined && !isFrames) throw new RangeError('only frames are cropped')
  if (validation !== undefined) return
  if (earlyStopping !== undefined) throw new RangeError('early stopping needs a validation side')
  if (schedule?.kind === 'plateau') throw new RangeError('a schedule on plateau needs a validation side')
}

function startTraining({ model, seed, resumeFrom }: FitOptions, recipe: string): TrainingState {
  const initial = Array.from(model.weights, ([name, weight]) => [name, weight.dataSync<'float32'>().slice()] as const)
  const begun = beginTraining(new Map(initial), seed)
  if (resumeFrom === undefined) return begun
  const state = loadCheckpoint(resumeFrom, begun, recipe)
  setWeights(model, state.weights)
  return state
}

async function trainEpoch(
  options: FitOptions,
  side: Side,
  state: TrainingState,
  meter: MemoryMeter,
): Promise<{ score: Score; learningRate: number }> {
  const { model, epochs, schedule, signal, noise, inputDropout, mixup, crop } = options
  const { recordings, labels } = side
  const disturbance = { noise, inputDropout, mixup, crop }
  const loss = lossOptions(options, labels)
  const batches = nextBatches(options, side, state)
  let score = NO_SCORE
  let learningRate = options.learningRate
  for (const [index, batch] of batches.entries()) {
    const done = state.epoch + index / batches.length
    const progress = { done, step: 1 / batches.length, epochs, plateauFactor: state.plateau.factor }
    learningRate = scheduledRate(schedule, options.learningRate, progress)
    const update = { rate: learningRate, ...pickDefined(options) }
    score = addScores(
      score,
      trainOnBatch(batch, { model, state, recordings, labels, loss, update, disturbance, meter }),
    )
    await eventLoopTurn()
    signal?.throwIfAborted()
  }
  return { score, learningRate }
}

function nextBatches({ batchSize, sampling }: FitOptions, side: Side, { shuffle }: TrainingState): Uint32Array[] {
  if (sampling === undefined) return drawBatches(side.recordings, batchSize, shuffle)
  return drawSamples(divideIntoCells(side, sampling), { batchSize, ...sampling }, shuffle)
}

function pickDefined({ weightDecay, clipNorm }: FitOptions) {
  return { ...(weightDecay === undefined ? {} : { weightDecay }), ...(clipNorm === undefined ? {} : { clipNorm }) }
}

function lossOptions({ model, classWeights, labelSmoothing }: FitOptions, labels: Uint8Array) {
  const { classes } = model.architecture
  return {
    classes,
    ...(labelSmoothing === undefined ? {} : { labelSmoothing }),
    ...(classWeights === undefined ? {} : { classWeights: balancedWeights(labels, classes) }),
  }
}

function hasStopped({ stopping }: TrainingState, { earlyStopping }: FitOptions): boolean {
  return earlyStopping !== undefined && stopping.wait >= earlyStopping.patience
}

function watchFigures(state: TrainingState, { earlyStopping, schedule }: FitOptions, figures: SideFigures): void {
  if (schedule?.kind === 'plateau') state.plateau = watchPlateau(state.plateau, state.epoch, figures, schedule)
  if (earlyStopping === undefined) return
  state.stopping = watchEpoch(state.stopping, state.epoch, figures, earlyStopping)
  if (earlyStopping.restoreBest && state.stopping.epoch === state.epoch) state.best = copyWeights(state.weights)
}

function epochFigures(
  epoch: number,
  trained: Score,
  tested: SideFigures,
  seconds: number,
): Omit<Epoch, 'learningRate' | 'validation'> {
  return {
    epoch,
    trainLoss: trained.lossSum / trained.count,
    trainAccuracy: trained.hits / trained.count,
    testLoss: tested.loss,
    testAccuracy: tested.accuracy,
    seconds,
  }
}

/** The weights are looked at, not the loss: a ReLU turns NaN into 0, and so a lost network into a constant guess with a finite loss. */
function checkWeights({ weights, epoch }: TrainingState): void {
  for (const [name, values] of weights) {
    if (areFinite(values)) continue
    const message = `the weights ${name} are no longer numbers after epoch ${epoch}: try a smaller learning rate`
    throw new SerError('TRAINING_DIVERGED', message, { kind: 'bad-input', ids: { epoch } })
  }
}

/** A loop: `every` calls a function for each value and takes ten times as long. */
function areFinite(values: Float32Array): boolean {
  for (let at = 0; at < values.length; at++) if (!Number.isFinite(values[at])) return false
  return true
}

/** Lets messages, signals and timers in between two batches. */
function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
