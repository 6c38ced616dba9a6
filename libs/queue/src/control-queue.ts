import type { QueueCounts } from '@ser/contracts'
import type { Queue } from 'bullmq'

/** How many jobs a queue has in each state; those of a paused queue count as waiting. */
export async function countJobs(queue: Queue): Promise<QueueCounts> {
  const [counts, paused] = await Promise.all([
    queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'completed', 'failed'),
    queue.isPaused(),
  ])
  const of = (state: string) => counts[state] ?? 0
  return {
    name: queue.name,
    paused,
    waiting: of('waiting') + of('prioritized'),
    active: of('active'),
    delayed: of('delayed'),
    completed: of('completed'),
    failed: of('failed'),
  }
}

const PAGE = 100

/**
 * Tries every failed job anew, with all its attempts before it (BullMQ's own retryJobs leaves them used up).
 * @returns How many; not those that fail again meanwhile.
 */
export async function retryFailedJobs(queue: Queue): Promise<number> {
  const failed = await queue.getFailedCount()
  let retried = 0
  for (let seen = 0; seen < failed; seen += PAGE) {
    // What is retried leaves the set, so the oldest that remain are always at its end.
    const jobs = await queue.getFailed(0, PAGE - 1)
    const results = await Promise.allSettled(
      jobs.map((job) => job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })),
    )
    retried += results.filter(({ status }) => status === 'fulfilled').length
  }
  return retried
}
