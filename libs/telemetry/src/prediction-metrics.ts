import { Counter, Gauge, Histogram } from 'prom-client'
import type { Metrics } from './create-metrics.ts'

/** How a recording ended: answered, uncertain, silent or refused; busy, timeout or cancelled; failed. */
export type PredictionOutcome =
  | 'answered'
  | 'uncertain'
  | 'silent'
  | 'refused'
  | 'busy'
  | 'timeout'
  | 'cancelled'
  | 'failed'

export type PredictionMetrics = {
  readonly count: (outcome: PredictionOutcome, recordings?: number) => void
  /** An answered request, from its head to its answer. */
  readonly time: (kind: 'recording' | 'timeline' | 'batch', seconds: number) => void
  /** Milliseconds by stage, and how many recordings they were for. */
  readonly spend: (spent: Readonly<Record<string, number>>, recordings: number) => void
  readonly countSwitch: () => void
  /** Recordings that wait, by lane; read whenever metrics are asked for. */
  readonly watchWaiting: (waiting: () => Readonly<Record<string, number>>) => void
}

const LATENCY_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60]

/** The metrics of predictions, in the registry of the process. */
export function createPredictionMetrics({ registry }: Pick<Metrics, 'registry'>): PredictionMetrics {
  const registers = [registry]
  const outcomes = new Counter({
    name: 'ser_predictions_total',
    help: 'Recordings that a prediction was asked for, by what became of them.',
    labelNames: ['outcome'],
    registers,
  })
  const latency = new Histogram({
    name: 'ser_prediction_request_seconds',
    help: 'How long an answered request took, upload included.',
    labelNames: ['kind'],
    buckets: LATENCY_BUCKETS,
    registers,
  })
  const stages = new Counter({
    name: 'ser_prediction_stage_seconds_total',
    help: "Where the prediction thread's time went.",
    labelNames: ['stage'],
    registers,
  })
  const together = new Histogram({
    name: 'ser_prediction_batch_recordings',
    help: 'Recordings that the thread took at once.',
    buckets: [1, 2, 4, 8, 16, 32],
    registers,
  })
  const switches = new Counter({
    name: 'ser_prediction_model_switches_total',
    help: 'How often another model version came into use.',
    registers,
  })
  return {
    count: (outcome, recordings = 1) => outcomes.inc({ outcome }, recordings),
    time: (kind, seconds) => latency.observe({ kind }, seconds),
    spend(spent, recordings) {
      for (const [stage, milliseconds] of Object.entries(spent)) stages.inc({ stage }, milliseconds / 1000)
      together.observe(recordings)
    },
    countSwitch: () => switches.inc(),
    watchWaiting(waiting) {
      const gauge: Gauge<'lane'> = new Gauge({
        name: 'ser_predictions_waiting',
        help: 'Recordings that wait for the prediction thread.',
        labelNames: ['lane'],
        registers,
        collect() {
          for (const [lane, count] of Object.entries(waiting())) gauge.set({ lane }, count)
        },
      })
    },
  }
}
