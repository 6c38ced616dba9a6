import {
  STAGES,
  STAGE_NAMES,
  type AugmentJob,
  type EvaluateJob,
  type FeatureJob,
  type IngestJob,
  type QueueCounts,
  type StageName,
  type TrainJob,
} from '@ser/contracts'
import { Queue } from 'bullmq'
import { countJobs, retryFailedJobs } from './control-queue.ts'
import { enqueueJobs, type EnqueueReport } from './enqueue-jobs.ts'
import { mapQueueError } from './map-queue-error.ts'
import { openRedis } from './open-redis.ts'

export type QueuesOptions = {
  readonly redisUrl: string
  /** The prefix of every key. */
  readonly prefix: string
  /** The wait before the first retry of the jobs enqueued here, in milliseconds; it doubles each time (default 2000). */
  readonly retryDelayMs?: number
  /** Hears of lost connections; they come back by themselves. */
  readonly onError?: (error: Error) => void
}

/**
 * The queues of every stage, as those see them that enqueue and control. Rows first, then the job. Enqueueing twice is
 * once. What Redis does wrong rejects in a few seconds with SerError QUEUE_UNAVAILABLE, `transient`.
 */
export type Queues = {
  readonly enqueueIngest: (job: IngestJob) => Promise<EnqueueReport>
  readonly enqueueAugment: (jobs: readonly AugmentJob[]) => Promise<EnqueueReport>
  readonly enqueueFeatures: (jobs: readonly FeatureJob[]) => Promise<EnqueueReport>
  readonly enqueueTrain: (job: TrainJob) => Promise<EnqueueReport>
  readonly enqueueEvaluate: (job: EvaluateJob) => Promise<EnqueueReport>
  /** Every stage's queue, in the order of the pipeline. */
  readonly counts: () => Promise<QueueCounts[]>
  /** Lets workers finish what they have and take no more. */
  readonly pause: (stage: StageName) => Promise<void>
  readonly resume: (stage: StageName) => Promise<void>
  /** Tries what has failed for good anew; returns how many jobs. */
  readonly retryFailed: (stage: StageName) => Promise<number>
  /** Resolves when Redis answers. */
  readonly ping: () => Promise<void>
  readonly close: () => Promise<void>
}

export function createQueues(options: QueuesOptions): Queues {
  const { redisUrl, prefix, retryDelayMs = 2000, onError = () => undefined } = options
  const redis = openRedis({ url: redisUrl, name: 'ser-queues', whenLost: 'fail', onError })
  const open = (stage: StageName) => {
    const queue = new Queue(STAGES[stage].queue, { connection: redis, prefix, skipWaitingForReady: true })
    queue.on('error', onError)
    return queue
  }
  const queues = {
    ingest: open('ingest'),
    augment: open('augment'),
    features: open('features'),
    train: open('train'),
    evaluate: open('evaluate'),
  }
  const target = <Stage extends StageName>(stage: Stage) => ({ queue: queues[stage], redis, stage, retryDelayMs })
  return {
    enqueueIngest: (job) => guard(() => enqueueJobs(target('ingest'), [job])),
    enqueueAugment: (jobs) => guard(() => enqueueJobs(target('augment'), jobs)),
    enqueueFeatures: (jobs) => guard(() => enqueueJobs(target('features'), jobs)),
    enqueueTrain: (job) => guard(() => enqueueJobs(target('train'), [job])),
    enqueueEvaluate: (job) => guard(() => enqueueJobs(target('evaluate'), [job])),
    counts: () => guard(() => Promise.all(STAGE_NAMES.map((stage) => countJobs(queues[stage])))),
    pause: (stage) => guard(() => queues[stage].pause()),
    resume: (stage) => guard(() => queues[stage].resume()),
    retryFailed: (stage) => guard(() => retryFailedJobs(queues[stage])),
    ping: () =>
      guard(async () => {
        await redis.ping()
      }),
    async close() {
      await Promise.allSettled(STAGE_NAMES.map((stage) => queues[stage].close()))
      redis.disconnect()
    },
  }
}

async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw mapQueueError(error)
  }
}
