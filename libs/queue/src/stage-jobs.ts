import {
  AUGMENT_JOB_CLIPS,
  STAGES,
  contentHash,
  type AugmentJob,
  type EvaluateJob,
  type FeatureJob,
  type IngestJob,
  type StageName,
  type TrainJob,
} from '@ser/contracts'

/** What the jobs of a stage carry. */
export type StagePayload<Stage extends StageName> = {
  ingest: IngestJob
  augment: AugmentJob
  features: FeatureJob
  train: TrainJob
  evaluate: EvaluateJob
}[Stage]

/** The id of a job: its stage and the hash of what it carries (BullMQ separates its keys by `:`, so ids have none). */
export function jobId(stage: StageName, payload: StagePayload<StageName>): string {
  return `${stage}-${contentHash(payload)}`
}

/** The most clips that one feature job may name. */
export const FEATURE_JOB_CLIPS = 256

/**
 * Feature jobs for clips: `size` of them a job, each clip once, in the order of their SHA-256, so that the same clips
 * make the same jobs.
 */
export function featureJobs(
  featureSetId: string,
  clips: Iterable<string>,
  size: number = FEATURE_JOB_CLIPS,
): FeatureJob[] {
  if (!(size >= 1 && size <= FEATURE_JOB_CLIPS))
    throw new RangeError(`a feature job names 1 to ${FEATURE_JOB_CLIPS} clips`)
  const sorted = [...new Set(clips)].sort()
  const jobs: FeatureJob[] = []
  for (let start = 0; start < sorted.length; start += size)
    jobs.push({ featureSetId, clips: sorted.slice(start, start + size) })
  return jobs
}

/** Variants that one augment job makes, unless a single clip owes more: some seconds of work. */
const AUGMENT_JOB_VARIANTS = 64

/** Augment jobs for clips that owe `copies` variants each, so that the same clips make the same jobs. */
export function augmentJobs(augmentationId: string, parents: Iterable<string>, copies: number): AugmentJob[] {
  const size = Math.max(1, Math.min(AUGMENT_JOB_CLIPS, Math.floor(AUGMENT_JOB_VARIANTS / copies)))
  const sorted = [...new Set(parents)].sort()
  const jobs: AugmentJob[] = []
  for (let start = 0; start < sorted.length; start += size)
    jobs.push({ augmentationId, parents: sorted.slice(start, start + size) })
  return jobs
}

/** How a job of this stage is tried again and how long it is kept. */
export function jobOptions(stage: StageName, retryDelayMs: number) {
  return {
    attempts: STAGES[stage].attempts,
    // Doubles each time; half of it is chance, so that jobs that failed together do not come back together.
    backoff: { type: 'exponential', delay: retryDelayMs, jitter: 0.5 },
    removeOnComplete: { age: 3600, count: 1000 },
    removeOnFail: { age: 14 * 24 * 3600, count: 10_000 },
  }
}
