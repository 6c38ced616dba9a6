import type { StageName } from '@ser/contracts'
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { jobId, jobOptions, type StagePayload } from './stage-jobs.ts'

/** What became of jobs that were to be enqueued: new ones, failed ones that were tried anew, those still on their way. */
export type EnqueueReport = { readonly added: number; readonly retried: number; readonly present: number }

export type EnqueueTarget<Stage extends StageName> = {
  readonly queue: Queue
  readonly redis: Redis
  readonly stage: Stage
  /** The wait before the first retry; it doubles each time. */
  readonly retryDelayMs: number
}

type Fate = 'add' | 'retried' | 'present'

// Keeps a command, and what BullMQ's script holds at once, of a bounded size.
const CHUNK = 500

/**
 * Adds jobs whose ids come from their content. BullMQ drops an id that it knows in silence, also when that job has
 * failed or completed and was merely kept; so a kept failure is tried anew, and a kept completion makes way.
 */
export async function enqueueJobs<Stage extends StageName>(
  { queue, redis, stage, retryDelayMs }: EnqueueTarget<Stage>,
  payloads: readonly StagePayload<Stage>[],
): Promise<EnqueueReport> {
  const byId = new Map(payloads.map((data) => [jobId(stage, data), data]))
  const ids = [...byId.keys()]
  const count = { add: 0, retried: 0, present: payloads.length - ids.length }
  for (let start = 0; start < ids.length; start += CHUNK) {
    const chunk = ids.slice(start, start + CHUNK)
    const fates = await decideFates(queue, redis, chunk)
    for (const fate of fates) count[fate] += 1
    const options = jobOptions(stage, retryDelayMs)
    const added = chunk.filter((_, index) => fates[index] === 'add')
    await queue.addBulk(added.map((id) => ({ name: stage, data: byId.get(id), opts: { ...options, jobId: id } })))
  }
  return { added: count.add, retried: count.retried, present: count.present }
}

async function decideFates(queue: Queue, redis: Redis, ids: readonly string[]): Promise<Fate[]> {
  // One round trip tells which ids are known at all: mostly none, or all.
  const known = await Promise.all(ids.map((id) => redis.exists(queue.toKey(id))))
  return Promise.all(ids.map(async (id, index) => (known[index] === 0 ? 'add' : makeWay(queue, id))))
}

async function makeWay(queue: Queue, id: string): Promise<Fate> {
  const state = await queue.getJobState(id)
  if (state === 'completed') await queue.remove(id)
  if (state === 'completed' || state === 'unknown') return 'add'
  if (state !== 'failed') return 'present'
  const job = await queue.getJob(id)
  if (job === undefined) return 'add'
  try {
    await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })
    return 'retried'
  } catch (error) {
    // Somebody else was faster: tried it anew, or cleaned it away.
    const now = await queue.getJobState(id)
    if (now === 'failed') throw error
    return now === 'unknown' ? 'add' : 'present'
  }
}
