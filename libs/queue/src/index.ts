export { createQueues, type Queues, type QueuesOptions } from './create-queues.ts'
export {
  createStageWorker,
  type StageWorker,
  type StageWorkerOptions,
  type WorkerLogger,
} from './create-stage-worker.ts'
export type { EnqueueReport } from './enqueue-jobs.ts'
export type { JobContext, JobOutcome, JobReport, StageHandler } from './run-job.ts'
export { FEATURE_JOB_CLIPS, augmentJobs, featureJobs, jobId, type StagePayload } from './stage-jobs.ts'
export { mapLimited } from './map-limited.ts'
