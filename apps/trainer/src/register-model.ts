import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Evaluation, RunSpec } from '@ser/contracts'
import { completeRun, endRun, storeRunMemory, type Database, type RunAttempt, type RunPrediction } from '@ser/database'
import { mostProbable } from '@ser/metrics'
import { modelKey, type ObjectStorage } from '@ser/object-storage'
import type { PreparedRun } from './prepare-run.ts'
import type { Trained } from './run-training.ts'
import { MODEL_FILE, PROBABILITIES_FILE } from './train-messages.ts'

export type Registration = {
  readonly run: RunAttempt
  readonly spec: RunSpec
  readonly prepared: PreparedRun
  /** Where the training process has left the model and its probabilities. */
  readonly folder: string
  /** Tries again while a service is away. */
  readonly persist: <T>(work: () => Promise<T>) => Promise<T>
}

export type RegisterDeps = { readonly db: Database; readonly storage: Pick<ObjectStorage, 'putIfAbsent'> }

/** Stores a trained model as the next version of its name; undefined when the run was cancelled in the last moment, or taken over. */
export async function registerModel(
  { run, spec, prepared, folder, persist }: Registration,
  { evaluation, memoryBytes }: Trained,
  { db, storage }: RegisterDeps,
): Promise<number | undefined> {
  const file = await readFile(join(folder, MODEL_FILE))
  const artefact = await persist(() => storeModel(storage, file))
  const predictions = await readPredictions(folder, prepared, evaluation)
  await persist(() => storeRunMemory(db, run, memoryBytes))
  const completed = {
    model: spec.model,
    evaluation,
    artefact,
    featureSet: prepared.inputs[0].featureSet.rowId,
    predictions,
  }
  const version = await persist(() => completeRun(db, run, completed))
  // Where another trainer has taken the run over, this leaves it as it is.
  if (version === undefined) await persist(() => endRun(db, run, { status: 'cancelled' }))
  return version
}

/** What the training process says of each test recording. */
async function readPredictions(
  folder: string,
  { sides, testClips, testGroups }: PreparedRun,
  { labels }: Evaluation,
): Promise<RunPrediction[]> {
  const bytes = new Uint8Array(await readFile(join(folder, PROBABILITIES_FILE)))
  const probabilities = new Float32Array(bytes.buffer)
  const classes = labels.length
  const predicted = mostProbable(probabilities, classes)
  return testClips.map((sha256, row) => ({
    sha256,
    label: sides.test.labels[row],
    predicted: predicted[row],
    probabilities: probabilities.subarray(row * classes, (row + 1) * classes),
    dataset: testGroups.datasets[row],
    speaker: testGroups.speakers[row],
    condition: testGroups.conditions[row],
  }))
}

/** Stores the file under its content's key: the same model twice is one object. */
async function storeModel(storage: RegisterDeps['storage'], file: Uint8Array) {
  const sha256 = createHash('sha256').update(file).digest('hex')
  const key = modelKey(sha256)
  await storage.putIfAbsent(key, file)
  return { key, sha256, bytes: file.length }
}
