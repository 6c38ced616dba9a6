import type { FeatureProgress, Ingestion } from '@ser/contracts'
import { getFeatureProgress, getIngestion, type Queryable } from '@ser/database'
import { onChange } from './on-change.ts'
import { watchEvents, type ServerEvent } from './stream-events.ts'

export type IngestionWatch = {
  readonly db: Queryable
  readonly id: string
  readonly featureSet: string
  readonly signal: AbortSignal
}

type State = { readonly ingestion: Ingestion; readonly features: FeatureProgress }

/**
 * The progress of an ingestion and of the feature vectors of its dataset: `ingestion` and `features` whenever they change, `end` with both.
 * Each event is the whole state, so that one who comes back, with whatever Last-Event-ID, misses nothing.
 */
export function watchIngestion({ db, id, featureSet, signal }: IngestionWatch): AsyncGenerator<string> {
  const changed = { ingestion: onChange(), features: onChange() }
  return watchEvents<State>({
    signal,
    read: async () => {
      const ingestion = await getIngestion(db, id)
      return { ingestion, features: await getFeatureProgress(db, ingestion.request.dataset, featureSet) }
    },
    tell: ({ ingestion, features }) => {
      const events: ServerEvent[] = [
        ...changed.ingestion(ingestion, `i${ingestion.counts.found}-${ingestion.status}`, 'ingestion'),
        ...changed.features(features, `f${features.vectors}-${features.failed}-${features.clips}`, 'features'),
      ]
      const done = isDone(ingestion, features)
      return { events: done ? [...events, { event: 'end', data: { ingestion, features }, id: 'end' }] : events, done }
    },
  })
}

function isDone({ status }: Ingestion, { clips, vectors, failed }: FeatureProgress): boolean {
  return status === 'failed' || (status === 'completed' && vectors + failed >= clips)
}
