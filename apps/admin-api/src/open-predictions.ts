import { resolveModelVersion, watchModelChanges, type Database } from '@ser/database'
import type { ObjectStorage } from '@ser/object-storage'
import { createPredictionMetrics, type Logger, type Metrics, type PredictionMetrics } from '@ser/telemetry'
import { createModelChooser, type ModelChooser } from './choose-model.ts'
import { createPredictor, type Predictor } from './create-predictor.ts'

export type PredictionSettings = {
  readonly recordingSeconds: number
  /** Short recordings that may wait. */
  readonly queue: number
  readonly timeoutSeconds: number
}

/** Everything that predictions need. */
export type Predictions = {
  readonly predict: Predictor['predict']
  readonly models: ModelChooser
  readonly metrics: PredictionMetrics
  readonly close: () => Promise<void>
}

/** How long a version that is not in use any more may answer while the next one is loaded. */
const STALE_MS = 5000

/** Opens what predictions need: the thread, the choice of the model and its watch, the metrics. */
export function openPredictions(
  { db, storage, metrics, logger }: { db: Database; storage: ObjectStorage; metrics: Metrics; logger: Logger },
  { recordingSeconds, queue, timeoutSeconds }: PredictionSettings,
): Predictions {
  const counts = createPredictionMetrics(metrics)
  const predictor = createPredictor({
    storage,
    maxSeconds: recordingSeconds,
    queue,
    timeoutMs: timeoutSeconds * 1000,
    onSpent: counts.spend,
  })
  counts.watchWaiting(predictor.waiting)
  const models = createModelChooser({
    resolve: (reference) => resolveModelVersion(db, reference),
    prepare: predictor.prepare,
    staleMs: STALE_MS,
    onSwitch: ({ model, version }) => {
      counts.countSwitch()
      logger.info({ model, version }, 'another model version answers')
    },
  })
  const stopping = new AbortController()
  const watching = watchModelChanges(db, { onChange: () => models.refresh(), signal: stopping.signal })
  return {
    predict: predictor.predict,
    models,
    metrics: counts,
    async close() {
      stopping.abort()
      await watching
      await predictor.close()
    },
  }
}
