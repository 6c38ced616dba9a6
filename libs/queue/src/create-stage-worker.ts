import { STAGES, type StageName } from '@ser/contracts'
import { Worker } from 'bullmq'
import { openRedis } from './open-redis.ts'
import { runJob, type JobReport, type StageHandler } from './run-job.ts'

/** What the worker says; pino's loggers are of this shape. */
export type WorkerLogger = {
  readonly info: (fields: object, message: string) => void
  readonly warn: (fields: object, message: string) => void
  readonly error: (fields: object, message: string) => void
}

export type StageWorkerOptions<Stage extends StageName> = {
  readonly redisUrl: string
  readonly prefix: string
  readonly stage: Stage
  readonly handler: StageHandler<Stage>
  readonly logger: WorkerLogger
  /** Jobs at once (default 1). */
  readonly concurrency?: number
  /** Hears of every attempt that ended; for metrics. */
  readonly onFinished?: (report: JobReport) => void
  /** A killed worker's job is taken over after so long, and one check more (default 30 000). */
  readonly lockMs?: number
  /** How often that is checked (default a third of `lockMs`). */
  readonly stalledCheckMs?: number
  /** How often a job may lose its worker before it is given up; workers get killed, jobs can run twice (default 20). */
  readonly maxStalledCount?: number
  /** How long `close` waits for the jobs that run (default 25 000). */
  readonly closeMs?: number
}

export type StageWorker = {
  /** Resolves when the first connection stands. */
  readonly ready: () => Promise<void>
  /** True while it takes jobs. */
  readonly isRunning: () => boolean
  /**
   * Takes no more jobs and waits for those that run; those that outlast `closeMs` are told by their signal and left to
   * another worker. False when there were any.
   */
  readonly close: () => Promise<boolean>
}

/** Takes the jobs of a stage. A lost or emptied Redis does not end it: it waits, and goes on. */
export function createStageWorker<Stage extends StageName>(options: StageWorkerOptions<Stage>): StageWorker {
  const { stage, logger, lockMs = 30_000 } = options
  const onError = (error: Error) => logger.warn({ err: error, stage }, 'the queue has a problem; going on')
  const redis = openRedis({ url: options.redisUrl, name: `ser-${stage}-worker`, whenLost: 'wait', onError })
  const onFinished = (report: JobReport) => {
    logReport(logger, report)
    options.onFinished?.(report)
  }
  const worker = new Worker(
    STAGES[stage].queue,
    // BullMQ makes a signal only for a function with three parameters and none of them optional.
    (job, _token, signal) => runJob(stage, job, options.handler, { signal: signal ?? neverAborted(), onFinished }),
    {
      connection: redis,
      prefix: options.prefix,
      concurrency: options.concurrency ?? 1,
      lockDuration: lockMs,
      stalledInterval: options.stalledCheckMs ?? Math.ceil(lockMs / 3),
      maxStalledCount: options.maxStalledCount ?? 20,
      // After Redis was lost, for how long nothing is tried; BullMQ's 15 s would double every short outage.
      runRetryDelay: 1000,
    },
  )
  worker.on('error', onError)
  worker.on('stalled', (id) => logger.warn({ stage, job: id }, 'took over a job whose worker has vanished'))
  worker.on('lockRenewalFailed', (ids) =>
    logger.warn({ stage, jobs: ids }, 'lost the lock of jobs; they may run twice'),
  )
  return {
    async ready() {
      await worker.waitUntilReady()
    },
    isRunning: () => worker.isRunning() && !worker.isPaused(),
    async close() {
      const finished = await closeWithin(worker, options.closeMs ?? 25_000)
      redis.disconnect()
      return finished
    },
  }
}

function neverAborted(): AbortSignal {
  return new AbortController().signal
}

async function closeWithin(worker: Worker, closeMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), closeMs)
  })
  const finished = await Promise.race([worker.close().then(() => true), late])
  clearTimeout(timer)
  if (!finished) worker.cancelAllJobs('the process ends')
  return finished
}

function logReport(logger: WorkerLogger, { error, ...report }: JobReport): void {
  const { outcome } = report
  if (outcome === 'completed') logger.info(report, 'job completed')
  else if (outcome === 'gone') logger.info({ ...report, err: error }, 'job ended: what it was about is gone')
  else if (outcome === 'retried') logger.warn({ ...report, err: error }, 'job failed and will be retried')
  else logger.error({ ...report, err: error }, 'job failed for good')
}
