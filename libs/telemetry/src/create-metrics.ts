import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export type FinishedJob = {
  readonly stage: string
  /** How it ended: `completed`, `gone`, `failed` (for good) or `retried`. */
  readonly outcome: string
  readonly seconds: number
}

export type QueueDepth = { readonly name: string } & Readonly<
  Record<'waiting' | 'active' | 'delayed' | 'completed' | 'failed', number>
>

export type Metrics = {
  /** What `/metrics` shows; an app may register metrics of its own in it. */
  readonly registry: Registry
  /** Counts a job and notes how long it took. */
  readonly countJob: (job: FinishedJob) => void
  /** Counts clips by what became of them: `vector`, `failed`, ... */
  readonly countClips: (stage: string, outcome: string, clips: number) => void
  /** Has the depth of the queues read whenever metrics are asked for. */
  readonly watchQueues: (counts: () => Promise<readonly QueueDepth[]>) => void
}

const DURATION_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200]
const DEPTH_STATES = ['waiting', 'active', 'delayed', 'completed', 'failed'] as const

/** The metrics of one process, in a registry of its own: those of Node, and jobs, durations, clips and queue depths. */
export function createMetrics({ app }: { readonly app: string }): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ app })
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const jobs = new Counter({
    name: 'ser_jobs_total',
    help: 'Jobs that this process has ended, by stage and outcome.',
    labelNames: ['stage', 'outcome'],
    registers,
  })
  const durations = new Histogram({
    name: 'ser_job_duration_seconds',
    help: 'How long a job took, in seconds.',
    labelNames: ['stage'],
    buckets: DURATION_BUCKETS,
    registers,
  })
  const clips = new Counter({
    name: 'ser_clips_total',
    help: 'Clips that this process has dealt with, by stage and outcome.',
    labelNames: ['stage', 'outcome'],
    registers,
  })
  return {
    registry,
    countJob: ({ stage, outcome, seconds }) => {
      jobs.inc({ stage, outcome })
      durations.observe({ stage }, seconds)
    },
    countClips: (stage, outcome, count) => clips.inc({ stage, outcome }, count),
    watchQueues: (counts) => watchQueues(registry, counts),
  }
}

function watchQueues(registry: Registry, counts: () => Promise<readonly QueueDepth[]>): void {
  const gauge: Gauge<'queue' | 'state'> = new Gauge({
    name: 'ser_queue_jobs',
    help: 'Jobs in a queue, by state.',
    labelNames: ['queue', 'state'],
    registers: [registry],
    async collect() {
      for (const queue of await counts())
        for (const state of DEPTH_STATES) gauge.set({ queue: queue.name, state }, queue[state])
    },
  })
}
