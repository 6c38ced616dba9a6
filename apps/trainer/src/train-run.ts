import { failureKind, SerError, type TrainJob } from '@ser/contracts'
import { endRun, releaseRun, startRun, storeRunMemory, type RunAttempt, type StartedRun } from '@ser/database'
import type { JobContext } from '@ser/queue'
import { removeCheckpoints } from './checkpoints.ts'
import { trainAttempt, type TrainDeps, type TrainReport } from './train-attempt.ts'
import { watchRun } from './watch-run.ts'

/** So many deaths in a row without a checkpoint further than before, and a run is given up: it would die again. */
const FRUITLESS_AT_MOST = 3

/**
 * Trains the model of a run and registers it as the next version of its name. May be called again for the same run, also while an
 * earlier call still works on it: each call is an attempt of its own, and only the newest one's word counts. An attempt goes on
 * from the last checkpoint when that is of the same recordings, code and backend; the same spec on the same clips gives the same model.
 *
 * When the training process dies, the next attempt begins at once; a run that dies again and again without getting further fails with
 * the reason. A failure that trying again cannot mend is the end of the run too, and so is any failure of the job's last attempt.
 */
export async function trainRun({ runId }: TrainJob, deps: TrainDeps, context: JobContext): Promise<TrainReport> {
  let death: SerError | undefined
  for (;;) {
    const { codeVersion } = deps
    const started = await startRun(deps.db, runId, { codeVersion, fruitlessAtMost: FRUITLESS_AT_MOST })
    if (started === undefined) {
      await removeCheckpoints(deps, runId)
      return { outcome: 'skipped' }
    }
    if (started.state === 'given-up') throw await giveUp(started.attempt, death, deps)
    const ended = await endAttempt(started, deps, context)
    if (!(ended instanceof SerError)) return ended
    death = ended
    deps.logger.warn(
      { run: runId, attempt: started.attempt.attempt, err: death },
      'the training process died; trying again',
    )
  }
}

/** Works through one attempt; gives the error when its process died, which the next attempt may survive. */
async function endAttempt(started: StartedRun, deps: TrainDeps, context: JobContext): Promise<TrainReport | SerError> {
  const { attempt: run } = started
  const { db } = deps
  const watch = watchRun({ db, run, everyMs: deps.watchMs })
  try {
    const report = await trainAttempt(started, deps, AbortSignal.any([watch.signal, context.signal]))
    await removeCheckpoints(deps, run.id)
    return report
  } catch (error) {
    if (watch.signal.aborted && failureKind(error) !== 'gone') {
      await endRun(db, run, { status: 'cancelled' })
      await removeCheckpoints(deps, run.id)
      return { outcome: 'cancelled' }
    }
    if (context.signal.aborted) {
      // A process that has to end leaves the run as it is to the next one.
      await releaseQuietly(run, deps)
      throw stopped(run, error)
    }
    if (error instanceof SerError && error.code === 'TRAINING_PROCESS_DIED') {
      await storeRunMemory(db, run, Number(error.ids['memoryBytes']))
      return error
    }
    await recordFailure(run, error, deps, context.lastAttempt)
    throw error
  } finally {
    watch.stop()
  }
}

/** A lost service is no death; when it is the database that is lost, the count stays as it is. */
async function releaseQuietly(run: RunAttempt, { db, logger }: TrainDeps): Promise<void> {
  try {
    await releaseRun(db, run)
  } catch (error) {
    logger.warn({ run: run.id, err: error }, 'an attempt ended without being able to say so')
  }
}

async function recordFailure(run: RunAttempt, error: unknown, deps: TrainDeps, lastAttempt: boolean): Promise<void> {
  const kind = failureKind(error)
  if (kind === 'gone') return
  if (kind === 'transient' && !lastAttempt) return releaseQuietly(run, deps)
  const code = error instanceof SerError ? error.code : 'RUN_FAILED'
  const message = error instanceof Error ? error.message : String(error)
  await endRun(deps.db, run, { status: 'failed', error: { code, message } })
  await removeCheckpoints(deps, run.id)
}

/** Ends a run that dies again and again; what is returned keeps the queue from trying it once more. */
async function giveUp(run: RunAttempt, death: SerError | undefined, deps: TrainDeps): Promise<SerError> {
  const code = death?.code ?? 'TRAINER_LOST'
  const reason = death?.message ?? 'the trainer vanished while it trained this run; was there too little memory?'
  const message = `${reason} (given up after ${FRUITLESS_AT_MOST} attempts in a row that got no further)`
  await endRun(deps.db, run, { status: 'failed', error: { code, message } })
  await removeCheckpoints(deps, run.id)
  return new SerError(code, message, { kind: 'conflict', ids: { run: run.id }, cause: death })
}

function stopped({ id }: RunAttempt, cause: unknown): SerError {
  const message = 'the trainer has to end before the run has; another one goes on'
  return new SerError('TRAINER_STOPPED', message, { kind: 'transient', ids: { run: id }, cause })
}
