import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EMOTIONS, type Evaluation, type FeatureSpec, type RunSpec } from '@ser/contracts'
import {
  beginTraining,
  completeRun,
  endRun,
  storeRunEpoch,
  storeRunMemory,
  storeRunSnapshot,
  type Database,
  type RunAttempt,
  type RunPrediction,
  type StartedRun,
} from '@ser/database'
import { mostProbable } from '@ser/metrics'
import { modelKey, type ObjectStorage } from '@ser/object-storage'
import type { Logger } from '@ser/telemetry'
import { fetchCheckpoint, saveCheckpoint, type Resumption } from './checkpoints.ts'
import { examplesFolder, writeExamples, type Side, type SideRows } from './examples-file.ts'
import { fetchRecordings } from './fetch-recordings.ts'
import { prepareRun, type PreparedRun } from './prepare-run.ts'
import { prepareVariants } from './prepare-variants.ts'
import { retryTransient } from './retry-transient.ts'
import { runTraining, type Trained } from './run-training.ts'
import { describeTraining } from './describe-training.ts'
import { MODEL_FILE, PROBABILITIES_FILE, type TrainingStart, type VariantOrder } from './train-messages.ts'

export type TrainDeps = {
  readonly db: Database
  readonly storage: Pick<ObjectStorage, 'get' | 'put' | 'putIfAbsent' | 'list' | 'remove'>
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** The version of the code that computes features. */
  readonly extractorVersion: (spec: FeatureSpec) => string
  /** What the examples of a run may take in memory; more is refused. */
  readonly mostExampleBytes: number
  /** What the waveforms of variants on the fly may take in files; more is refused. */
  readonly mostWaveformBytes: number
  /** Threads that make variants on the fly. */
  readonly variantThreads: number
  readonly backend: 'auto' | 'cpu'
  /** Threads of one operation. */
  readonly threads: number
  readonly codeVersion: string
  /** How often a run's row is looked at for the wish to cancel it, in milliseconds. */
  readonly watchMs: number
  /** A checkpoint is stored after an epoch that ends so long after the one before, in milliseconds. */
  readonly checkpointEveryMs: number
}

/** What became of a run; `skipped` was completed or cancelled before. */
export type TrainReport = { readonly outcome: 'completed' | 'cancelled' | 'skipped'; readonly version?: number }

type Attempt = {
  readonly run: RunAttempt
  readonly spec: RunSpec
  readonly prepared: PreparedRun
  readonly variants: VariantOrder | undefined
  readonly folder: string
  readonly persist: <T>(work: () => Promise<T>) => Promise<T>
}

/**
 * One attempt at a run, from reading its vectors to registering its model.
 *
 * @throws SerError RUN_TAKEN_OVER (gone), what `prepareRun` and `runTraining` throw; the signal's reason
 */
export async function trainAttempt(started: StartedRun, deps: TrainDeps, signal: AbortSignal): Promise<TrainReport> {
  const { attempt: run, spec } = started
  const prepared = await prepareRun(deps.db, spec, deps)
  const { setAside } = prepared
  if (setAside > 0) {
    const reason = 'variants take no part: a recording of another side is mixed into them'
    deps.logger.info({ run: run.id, variants: setAside }, reason)
  }
  const { mostWaveformBytes, variantThreads } = deps
  const variants = await prepareVariants(
    deps.db,
    { runId: run.id, spec, prepared },
    { mostWaveformBytes, threads: variantThreads },
  )
  await storeRunSnapshot(deps.db, run, prepared.snapshot)
  const folder = await mkdtemp(join(tmpdir(), 'ser-train-'))
  const persist = <T>(work: () => Promise<T>) => retryTransient(work, { signal })
  const attempt = { run, spec, prepared, variants, folder, persist }
  try {
    for (const side of ['train', 'test', 'validation'] as const) {
      const rows = prepared.sides[side]
      if (rows !== undefined) await writeInputs(folder, side, prepared, rows)
      signal.throwIfAborted()
    }
    if (variants !== undefined) {
      const recordings = await fetchRecordings(variants, folder, { storage: deps.storage, signal })
      const { name, version } = variants.recipe
      deps.logger.info({ run: run.id, recordings, recipe: `${name}@${version}` }, 'variants are made on the fly')
    }
    const trained = await train(attempt, started.checkpoint, deps, signal)
    return await register(attempt, trained, deps)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeInputs(folder: string, side: Side, { inputs }: PreparedRun, chosen: SideRows): Promise<void> {
  for (const [index, { source, rowOf }] of inputs.entries()) {
    const own = examplesFolder(folder, index)
    await mkdir(own, { recursive: true })
    await writeExamples(own, side, source, { ...chosen, rows: chosen.rows.map(rowOf) })
  }
}

async function train(
  attempt: Attempt,
  checkpoint: StartedRun['checkpoint'],
  deps: TrainDeps,
  signal: AbortSignal,
): Promise<Trained> {
  const { run, folder, prepared, variants, persist } = attempt
  const { db, logger } = deps
  const same = { snapshotHash: prepared.snapshot.hash, codeVersion: deps.codeVersion }
  const file = join(folder, 'resume.checkpoint')
  const resumption: Resumption | undefined =
    checkpoint === undefined ? undefined : await persist(() => fetchCheckpoint(deps, checkpoint, { file, same }))
  const resume = checkpoint === undefined || resumption?.file === undefined ? undefined : { ...checkpoint, file }
  const begin = resumption?.restartReason === undefined ? {} : { restartReason: resumption.restartReason }
  let backend = ''
  const onStart = async ({ fallbackReason, ...start }: TrainingStart): Promise<void> => {
    if (fallbackReason !== undefined) logger.warn({ run: run.id }, fallbackReason)
    backend = start.backend
    await persist(() => beginTraining(db, run, { ...begin, ...start }))
    logger.info({ run: run.id, attempt: run.attempt, ...begin, ...start }, 'training begins')
  }
  return runTraining({
    order: {
      folder,
      backend: deps.backend,
      threads: deps.threads,
      labels: EMOTIONS,
      networks: prepared.networks.map(({ spec, input }) => ({
        ...describeTraining(spec, prepared.inputs[input].featureSet),
        input,
      })),
      seed: attempt.spec.seed,
      testGroups: prepared.testGroups,
      validated: prepared.sides.validation !== undefined,
      checkpointEveryMs: deps.checkpointEveryMs,
      ...(variants === undefined ? {} : { variants }),
      ...(resume === undefined ? {} : { resume }),
    },
    signal,
    onStart,
    onEpoch: (figures) => persist(() => storeRunEpoch(db, run, figures)),
    onCheckpoint: (epoch, written) => saveCheckpoint(deps, run, { file: written, epoch, same: { ...same, backend } }),
  })
}

async function register(
  { run, spec, prepared, folder, persist }: Attempt,
  { evaluation, memoryBytes }: Trained,
  { db, storage, logger }: TrainDeps,
): Promise<TrainReport> {
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
  if (version === undefined) {
    // Cancelled in the last moment; or taken over by another trainer meanwhile, whose run this leaves as it is.
    await persist(() => endRun(db, run, { status: 'cancelled' }))
    return { outcome: 'skipped' }
  }
  const { accuracy, uar } = evaluation
  logger.info({ run: run.id, model: spec.model, version, accuracy, uar }, 'run completed')
  return { outcome: 'completed', version }
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
async function storeModel(storage: TrainDeps['storage'], file: Uint8Array) {
  const sha256 = createHash('sha256').update(file).digest('hex')
  const key = modelKey(sha256)
  await storage.putIfAbsent(key, file)
  return { key, sha256, bytes: file.length }
}
