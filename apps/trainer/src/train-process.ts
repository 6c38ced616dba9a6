// A child process that trains one model and ends: the parent keeps renewing its job's lock, can end this at any moment, and
// outlives whatever happens here.
import { rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failureKind, SerError, type Epoch } from '@ser/contracts'
import { evaluateModel } from '@ser/metrics'
import {
  buildModel,
  fitMembers,
  fitNormalisation,
  loadTensorflow,
  predictMembers,
  saveMembers,
  type Examples,
  type MemberFit,
  type Tensorflow,
} from '@ser/model'
import { openVariants, type Variants } from './open-variants.ts'
import { examplesFolder, readExamples } from './examples-file.ts'
import { peakMemoryBytes } from './peak-memory.ts'
import {
  MODEL_FILE,
  PROBABILITIES_FILE,
  type TrainedNetwork,
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
  const { folder, backend, threads, labels, networks, testGroups, seed } = order
  const { tf, ...loaded } = await loadTensorflow({ backend, threads })
  const start = describeStart(order, loaded)
  await say({ kind: 'start', ...start })
  const sides = await readSides(order)
  const variants = order.variants === undefined ? undefined : await openVariants(order.variants, folder)
  const members = networks.map((network) => ({
    ...network,
    ...prepareMember(tf, network, { sides: sides[network.input], variants }),
  }))
  await fit(
    members.map(({ fitting }) => fitting),
    order,
    start,
  )
  await variants?.close()
  const tests = members.map(({ fitting }) => fitting.test)
  const trained = members.map(({ fitting: { model }, features, weight }) => ({ model, features, weight }))
  const probabilities = predictMembers(trained, tests)
  const evaluation = evaluateModel({ truth: tests[0].labels, probabilities, labels }, testGroups, seed)
  await writeFile(join(folder, PROBABILITIES_FILE), bytesOf(probabilities))
  await writeFile(join(folder, MODEL_FILE), saveMembers({ labels, members: trained }))
  await say({ kind: 'done', evaluation, memoryBytes: peakMemoryBytes() })
}

type Sides = Pick<MemberFit, 'train' | 'test' | 'validation'>

/** The examples of each input; networks that see the same share them. */
async function readSides({ folder, networks, validated }: TrainOrder): Promise<Sides[]> {
  const count = Math.max(...networks.map(({ input }) => input)) + 1
  const sides: Sides[] = []
  for (let input = 0; input < count; input++) {
    const own = examplesFolder(folder, input)
    const read = (side: 'train' | 'test' | 'validation'): Promise<Examples> => readExamples(own, side)
    const validation = validated ? { validation: await read('validation') } : {}
    sides.push({ train: await read('train'), test: await read('test'), ...validation })
  }
  return sides
}

function prepareMember(
  tf: Tensorflow,
  network: TrainedNetwork,
  { sides, variants }: { readonly sides: Sides; readonly variants: Variants | undefined },
): { fitting: MemberFit } {
  const { architecture, recipe, inputs } = network
  const { vectors, lengths, speakers } = sides.train
  const training = {
    vectors,
    ...(lengths === undefined ? {} : { lengths }),
    ...(speakers === undefined ? {} : { speakers }),
  }
  // Of the recordings as they are stored, also where they are heard as variants: what a model normalises by must not hang on chance.
  const normalisation = fitNormalisation({ ...training, features: architecture.features, ...inputs })
  const normalised = Object.keys(normalisation).length === 0 ? {} : { normalisation }
  const model = buildModel(tf, { ...architecture, seed: recipe.seed, ...normalised })
  const renewal = variants === undefined ? {} : { renewal: variants.renew(network, sides.train) }
  return { fitting: { model, ...sides, ...recipe, ...renewal } }
}

/** Goes on from the checkpoint; from the first epoch where there is none, or where it turns out to be of no use. */
async function fit(members: readonly MemberFit[], order: TrainOrder, start: TrainingStart): Promise<void> {
  const fitting = {
    members,
    onEpoch: (figures: Epoch) => say({ kind: 'epoch', figures, memoryBytes: peakMemoryBytes() }),
    onCheckpoint: checkpointWriter(order.folder, order.checkpointEveryMs),
  }
  if (order.resume === undefined || start.resumedFromEpoch === undefined) return void (await fitMembers(fitting))
  try {
    await fitMembers({ ...fitting, resumeFrom: await readFile(order.resume.file) })
  } catch (error) {
    if (!(error instanceof SerError) || error.code !== 'CHECKPOINT_UNUSABLE') throw error
    await say({ kind: 'start', backend: start.backend, restartReason: error.message })
    await fitMembers(fitting)
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
