import type { Database } from '@ser/database'
import type { ObjectStorage } from '@ser/object-storage'
import type { Queues } from '@ser/queue'
import type { Metrics } from '@ser/telemetry'
import type { PredictionTimes } from './answer-recordings.ts'
import type { Predictions } from './open-predictions.ts'

/** What the routes work with. */
export type ApiDeps = {
  readonly db: Database
  readonly storage: ObjectStorage
  readonly queues: Queues
  readonly metrics: Metrics
  readonly predictions: Predictions
}

export type ApiOptions = {
  /** The folders that the ingest app may read, where the API was told the same; else empty, and the ingest app alone judges. */
  readonly ingestRoots: readonly string[]
  /** The bearer tokens of which every route below /v1 asks for one, by name. */
  readonly tokens: Readonly<Record<string, string>>
  readonly limits: PredictionTimes & {
    /** The longest body that a prediction takes. */
    readonly recordingBytes: number
  }
}
