import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EMOTIONS, type FeatureSpec } from '@ser/contracts'
import { beginTraining, storeRunEpoch, storeRunSnapshot, type Database, type StartedRun } from '@ser/database'
import type { ObjectStorage } from '@ser/object-storage'
import type { Logger } from '@ser/telemetry'
import { fetchCheckpoint, saveCheckpoint, type Resumption } from './checkpoints.ts'
import { examplesFolder, writeExamples, type Side, type SideRows } from './examples-file.ts'
import { fetchRecordings } from './fetch-recordings.ts'
import { prepareRun, type PreparedRun } from './prepare-run.ts'
import { prepareVariants } from './prepare-variants.ts'
import { registerModel, type Registration } from './register-model.ts'
import { retryTransient } from './retry-transient.ts'
import { runTraining, type Trained } from './run-training.ts'
import { describeTraining } from './describe-training.ts'
import type { TrainingStart, VariantOrder } from './train-messages.ts'

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
  /** Parts of a batch that are computed side by side. */
  readonly threads: number
  readonly codeVersion: string
  /** How often a run's row is looked at for the wish to cancel it, in milliseconds. */
  readonly watchMs: number
  /** A checkpoint is stored after an epoch that ends so long after the one before, in milliseconds. */
  readonly checkpointEveryMs: number
}

/** What became of a run; `skipped` was completed or cancelled before. */
export type TrainReport = { readonly outcome: 'completed' | 'cancelled' | 'skipped'; readonly version?: number }

/** Of a run whose earlier attempt ended too early to leave anything. */
const NO_CHECKPOINT = 'no checkpoint had been written'

type Attempt = Registration & { readonly variants: VariantOrder | undefined }

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
    const version = await registerModel(attempt, trained, deps)
    if (version === undefined) return { outcome: 'skipped' }
    const { accuracy, uar } = trained.evaluation
    deps.logger.info({ run: run.id, model: spec.model, version, accuracy, uar }, 'run completed')
    return { outcome: 'completed', version }
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
  const resumption: Resumption =
    checkpoint === undefined
      ? { restartReason: run.attempt > 1 ? NO_CHECKPOINT : undefined }
      : await persist(() => fetchCheckpoint(deps, checkpoint, { file, same }))
  const resume = checkpoint === undefined || resumption.file === undefined ? undefined : { ...checkpoint, file }
  const begin = resumption.restartReason === undefined ? {} : { restartReason: resumption.restartReason }
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
