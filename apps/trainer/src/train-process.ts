// A child process that trains one model and ends: the parent keeps renewing its job's lock, can end this at any moment, and
// outlives whatever happens here.
import { rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failureKind, SerError, type Epoch } from '@ser/contracts'
import { evaluateModel } from '@ser/metrics'
import {
  buildModel,
  fitModel,
  fitNormalisation,
  loadTensorflow,
  predictProbabilities,
  saveModel,
  type FitOptions,
} from '@ser/model'
import { readExamples } from './examples-file.ts'
import { peakMemoryBytes } from './peak-memory.ts'
import {
  MODEL_FILE,
  PROBABILITIES_FILE,
  type TrainingStart,
  type TrainMessage,
  type TrainOrder,
} from './train-messages.ts'

process.once('message', (order: TrainOrder) => {
  process.once('disconnect', () => {
    // The parent was killed: nobody wants the result, and nobody else removes the files.
    rmSync(order.folder, { recursive: true, force: true })
    process.exit(1)
  })
  train(order)
    .catch((error: unknown) => say(describeFailure(error)))
    .finally(() => process.exit(0))
})

async function train(order: TrainOrder): Promise<void> {
  const { folder, backend, threads, architecture, description, testGroups, recipe } = order
  const { tf, ...loaded } = await loadTensorflow({ backend, threads })
  const start = describeStart(order, loaded)
  await say({ kind: 'start', ...start })
  const [training, test] = [await readExamples(folder, 'train'), await readExamples(folder, 'test')]
  const { features } = architecture
  const normalisation = fitNormalisation({ vectors: training.vectors, features, ...order.inputs })
  const normalised = Object.keys(normalisation).length === 0 ? {} : { normalisation }
  const model = buildModel(tf, { ...architecture, seed: recipe.seed, ...normalised })
  const validation = order.validated ? { validation: await readExamples(folder, 'validation') } : {}
  await fit({ model, train: training, test, ...validation, ...recipe }, order, start)
  const probabilities = predictProbabilities(model, test.vectors, test.lengths)
  const predictions = { truth: test.labels, probabilities, labels: description.labels }
  const evaluation = evaluateModel(predictions, testGroups, recipe.seed)
  await writeFile(join(folder, PROBABILITIES_FILE), bytesOf(probabilities))
  await writeFile(join(folder, MODEL_FILE), saveModel(model, description))
  await say({ kind: 'done', evaluation, memoryBytes: peakMemoryBytes() })
}

/** Goes on from the checkpoint; from the first epoch where there is none, or where it turns out to be of no use. */
async function fit(options: FitOptions, order: TrainOrder, start: TrainingStart): Promise<void> {
  const fitting = {
    ...options,
    onEpoch: (figures: Epoch) => say({ kind: 'epoch', figures, memoryBytes: peakMemoryBytes() }),
    onCheckpoint: checkpointWriter(order.folder, order.checkpointEveryMs),
  }
  if (order.resume === undefined || start.resumedFromEpoch === undefined) return void (await fitModel(fitting))
  try {
    await fitModel({ ...fitting, resumeFrom: await readFile(order.resume.file) })
  } catch (error) {
    if (!(error instanceof SerError) || error.code !== 'CHECKPOINT_UNUSABLE') throw error
    await say({ kind: 'start', backend: start.backend, restartReason: error.message })
    await fitModel(fitting)
  }
}

type Loaded = Pick<Awaited<ReturnType<typeof loadTensorflow>>, 'backend' | 'version' | 'fallbackReason'>

/** What computes, and whether the checkpoint is of the same: the last digits depend on it. */
function describeStart({ threads, resume }: TrainOrder, loaded: Loaded): TrainingStart {
  const { fallbackReason } = loaded
  const version = `${loaded.backend} ${loaded.version}`
  const backend = loaded.backend === 'tensorflow' ? `${version}, ${threads} threads` : version
  const start = { backend, ...(fallbackReason === undefined ? {} : { fallbackReason }) }
  if (resume === undefined) return start
  if (resume.backend === backend) return { ...start, resumedFromEpoch: resume.epoch }
  const restartReason = `the checkpoint of epoch ${resume.epoch} was computed by ${resume.backend}, and this is ${backend}`
  return { ...start, restartReason }
}

/** Writes at most one checkpoint in so many milliseconds; each is whole when it is spoken of. */
function checkpointWriter(folder: string, everyMs: number): (bytes: Uint8Array, epoch: number) => Promise<void> {
  let lastMs = performance.now()
  return async (bytes, epoch) => {
    if (performance.now() - lastMs < everyMs) return
    const file = join(folder, `${epoch}.checkpoint`)
    await writeFile(file, bytes)
    await say({ kind: 'checkpoint', epoch, file })
    lastMs = performance.now()
  }
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

function describeFailure(error: unknown): TrainMessage {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'TRAINING_FAILED'
  return { kind: 'failed', code, message, failure: failureKind(error) }
}

/** Resolves when the message is on its way, so that none is lost when the process ends. */
function say(message: TrainMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, {}, (error) => (error === null ? resolve() : reject(error)))
  })
}
