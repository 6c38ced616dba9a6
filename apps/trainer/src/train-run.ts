import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EMOTIONS, failureKind, SerError, type RunSpec, type TrainJob } from '@ser/contracts'
import {
  completeRun,
  endRun,
  setRunBackend,
  startRun,
  storeRunEpoch,
  storeRunSnapshot,
  type Database,
} from '@ser/database'
import { selectedLength } from '@ser/model'
import { modelKey, type ObjectStorage } from '@ser/object-storage'
import type { JobContext } from '@ser/queue'
import type { Logger } from '@ser/telemetry'
import { writeExamples } from './examples-file.ts'
import { prepareRun, type PreparedRun } from './prepare-run.ts'
import { retryTransient } from './retry-transient.ts'
import { runTraining } from './run-training.ts'
import { MODEL_FILE, type TrainOrder } from './train-messages.ts'
import { watchRun } from './watch-run.ts'

export type TrainDeps = {
  readonly db: Database
  readonly storage: Pick<ObjectStorage, 'putIfAbsent'>
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** The version of the code that computes features. */
  readonly extractor: string
  readonly backend: 'auto' | 'cpu'
  /** Threads of one operation. */
  readonly threads: number
  readonly codeVersion: string
  /** How often a run's row is looked at for the wish to cancel it, in milliseconds. */
  readonly watchMs: number
}

/** What became of a run; `skipped` was completed or cancelled before. */
export type TrainReport = { readonly outcome: 'completed' | 'cancelled' | 'skipped'; readonly version?: number }

/**
 * Trains the model of a run and registers it as the next version of its name. May be called twice for the same run, also when
 * an earlier call was cut off: it begins at the first epoch, and the same spec on the same clips gives the same model.
 * A failure that trying again cannot mend is the end of the run, with its reason; so is any failure of the last attempt.
 */
export async function trainRun({ runId }: TrainJob, deps: TrainDeps, context: JobContext): Promise<TrainReport> {
  const { db } = deps
  const spec = await startRun(db, runId, { codeVersion: deps.codeVersion })
  if (spec === undefined) return { outcome: 'skipped' }
  const watch = watchRun({ db, runId, everyMs: deps.watchMs })
  try {
    return await train(runId, spec, deps, AbortSignal.any([watch.signal, context.signal]))
  } catch (error) {
    if (watch.signal.aborted && failureKind(error) !== 'gone') {
      await endRun(db, runId, { status: 'cancelled' })
      return { outcome: 'cancelled' }
    }
    // A process that has to end leaves the run as it is to the next one.
    if (!context.signal.aborted) await recordFailure(db, runId, error, context.lastAttempt)
    throw context.signal.aborted ? stopped(runId, error) : error
  } finally {
    watch.stop()
  }
}

async function train(runId: string, spec: RunSpec, deps: TrainDeps, signal: AbortSignal): Promise<TrainReport> {
  const { db, logger } = deps
  const prepared = await prepareRun(db, spec, deps.extractor)
  await storeRunSnapshot(db, runId, prepared.snapshot)
  const persist = <T>(work: () => Promise<T>) => retryTransient(work, { signal })
  const folder = await mkdtemp(join(tmpdir(), 'ser-train-'))
  try {
    const from = { table: prepared.table, spec: spec.featureSet, groups: spec.features }
    for (const side of ['train', 'test'] as const) await writeExamples(folder, side, from, prepared.sides[side])
    const evaluation = await runTraining({
      order: trainOrder(spec, prepared, deps, folder),
      signal,
      onBackend: async (backend, fallbackReason) => {
        if (fallbackReason !== undefined) logger.warn({ run: runId }, fallbackReason)
        await persist(() => setRunBackend(db, runId, backend))
      },
      onEpoch: (figures) => persist(() => storeRunEpoch(db, runId, figures)),
    })
    const file = await readFile(join(folder, MODEL_FILE))
    const artefact = await persist(() => storeModel(deps.storage, file))
    const featureSet = prepared.featureSet.rowId
    const completed = { model: spec.model, evaluation, artefact, featureSet }
    const version = await persist(() => completeRun(db, runId, completed))
    if (version === undefined) {
      // Cancelled in the last moment; or completed by another trainer meanwhile, which this leaves as it is.
      await persist(() => endRun(db, runId, { status: 'cancelled' }))
      return { outcome: 'skipped' }
    }
    const { accuracy, uar } = evaluation
    logger.info({ run: runId, model: spec.model, version, accuracy, uar }, 'run completed')
    return { outcome: 'completed', version }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function trainOrder(
  spec: RunSpec,
  { featureSet, testGroups }: PreparedRun,
  deps: TrainDeps,
  folder: string,
): TrainOrder {
  const { layout, lstmUnits, denseUnits, dropout, seed, epochs, batchSize, learningRate, features: groups } = spec
  const features = selectedLength(spec.featureSet, groups)
  return {
    folder,
    backend: deps.backend,
    threads: deps.threads,
    architecture: { layout, features, lstmUnits, denseUnits, dropout, classes: EMOTIONS.length },
    description: {
      labels: [...EMOTIONS],
      features: { spec: featureSet.spec, extractor: featureSet.extractor, groups },
    },
    testGroups,
    seed,
    epochs,
    batchSize,
    learningRate,
  }
}

/** Stores the file under its content's key: the same model twice is one object. */
async function storeModel(storage: TrainDeps['storage'], file: Uint8Array) {
  const sha256 = createHash('sha256').update(file).digest('hex')
  const key = modelKey(sha256)
  await storage.putIfAbsent(key, file)
  return { key, sha256, bytes: file.length }
}

async function recordFailure(db: Database, runId: string, error: unknown, lastAttempt: boolean): Promise<void> {
  const kind = failureKind(error)
  if (kind === 'gone' || (kind === 'transient' && !lastAttempt)) return
  const code = error instanceof SerError ? error.code : 'RUN_FAILED'
  const message = error instanceof Error ? error.message : String(error)
  await endRun(db, runId, { status: 'failed', error: { code, message } })
}

function stopped(runId: string, cause: unknown): SerError {
  const message = 'the trainer has to end before the run has; another one goes on'
  return new SerError('TRAINER_STOPPED', message, { kind: 'transient', ids: { run: runId }, cause })
}
