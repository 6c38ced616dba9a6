import type { Database } from '@ser/database'
import type { ObjectStorage } from '@ser/object-storage'
import type { Queues } from '@ser/queue'
import type { Metrics } from '@ser/telemetry'
import type { Predictor } from './create-predictor.ts'

/** What the routes work with. */
export type ApiDeps = {
  readonly db: Database
  readonly storage: ObjectStorage
  readonly queues: Queues
  readonly metrics: Metrics
  readonly predictor: Predictor
}

export type ApiOptions = {
  /** The bearer token that every route below /v1 asks for. */
  readonly token: string
  /** The longest recording that a prediction takes, in bytes. */
  readonly recordingBytes: number
}
