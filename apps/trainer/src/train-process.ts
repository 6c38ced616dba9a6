// A child process that trains one model and ends: the parent keeps renewing its job's lock, can end this at any moment, and
// outlives whatever happens here.
import { rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failureKind } from '@ser/contracts'
import { buildModel, fitModel, loadTensorflow, predictProbabilities, saveModel } from '@ser/model'
import { evaluateModel } from './evaluate-model.ts'
import { readExamples } from './examples-file.ts'
import { MODEL_FILE, type TrainMessage, type TrainOrder } from './train-messages.ts'

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
  const { folder, backend, threads, architecture, description, testGroups, ...recipe } = order
  const { tf, ...loaded } = await loadTensorflow({ backend, threads })
  const { fallbackReason } = loaded
  const version = `${loaded.backend} ${loaded.version}`
  const name = loaded.backend === 'tensorflow' ? `${version}, ${threads} threads` : version
  await say({ kind: 'backend', backend: name, ...(fallbackReason === undefined ? {} : { fallbackReason }) })

  const [training, test] = [await readExamples(folder, 'train'), await readExamples(folder, 'test')]
  const model = buildModel(tf, { ...architecture, seed: recipe.seed })
  await fitModel({ model, train: training, test, ...recipe, onEpoch: (figures) => say({ kind: 'epoch', figures }) })

  const probabilities = predictProbabilities(model, test.vectors)
  const predictions = { truth: test.labels, probabilities, labels: description.labels }
  const evaluation = evaluateModel(predictions, testGroups, recipe.seed)
  await writeFile(join(folder, MODEL_FILE), saveModel(model, description))
  await say({ kind: 'done', evaluation })
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
