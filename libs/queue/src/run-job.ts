import { STAGES, SerError, failureKind, type StageName } from '@ser/contracts'
import { UnrecoverableError, type Job } from 'bullmq'
import type { StagePayload } from './stage-jobs.ts'

/** What a handler knows of its job, besides what the job carries. */
export type JobContext = {
  readonly jobId: string
  /** From 1. */
  readonly attempt: number
  /** After a failure now the job is given up: say so in its row. */
  readonly lastAttempt: boolean
  /** Aborted when the process has to end before the job has. */
  readonly signal: AbortSignal
}

/** Does one job. It may run twice, also at the same time. What it resolves with is kept with the job for a while. */
export type StageHandler<Stage extends StageName> = (
  payload: StagePayload<Stage>,
  context: JobContext,
) => Promise<object | void>

/** How a job ended: `gone` is done, its row has vanished; `retried` comes back later; `failed` does not. */
export type JobOutcome = 'completed' | 'gone' | 'retried' | 'failed'

export type JobReport = {
  readonly stage: StageName
  readonly jobId: string
  readonly attempt: number
  readonly outcome: JobOutcome
  readonly seconds: number
  readonly error?: unknown
}

/**
 * Runs a handler and makes of its failure what BullMQ understands: `gone` completes quietly, `transient` is thrown and
 * so retried with backoff, `bad-input` and `conflict` are never retried.
 */
export async function runJob<Stage extends StageName>(
  stage: Stage,
  job: Pick<Job, 'id' | 'data' | 'attemptsMade' | 'opts'>,
  handler: StageHandler<Stage>,
  { signal, onFinished }: { readonly signal: AbortSignal; readonly onFinished: (report: JobReport) => void },
): Promise<object | void> {
  const context = {
    jobId: job.id ?? '',
    attempt: job.attemptsMade + 1,
    lastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
    signal,
  }
  const start = performance.now()
  const finish = (outcome: JobOutcome, error?: unknown) => {
    const seconds = (performance.now() - start) / 1000
    const { jobId, attempt } = context
    onFinished({ stage, jobId, attempt, outcome, seconds, ...(error === undefined ? {} : { error }) })
  }
  try {
    const result = await handler(parsePayload(stage, job.data), context)
    finish('completed')
    return result
  } catch (error) {
    const kind = failureKind(error)
    if (kind === 'gone') {
      finish('gone', error)
      return { gone: describe(error) }
    }
    finish(kind === 'transient' && !context.lastAttempt ? 'retried' : 'failed', error)
    if (kind === 'transient') throw error
    throw new UnrecoverableError(describe(error))
  }
}

function parsePayload<Stage extends StageName>(stage: Stage, data: unknown): StagePayload<Stage> {
  const parsed = STAGES[stage].payload.safeParse(data)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the stage's own schema has parsed it
  if (parsed.success) return parsed.data as StagePayload<Stage>
  throw new SerError('JOB_INVALID', `the job carries what the stage ${stage} does not know: ${parsed.error.message}`, {
    kind: 'bad-input',
  })
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? `${error.code}: ${error.message}` : error.message
}
