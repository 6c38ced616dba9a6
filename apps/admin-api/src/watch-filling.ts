import type { FeatureProgress } from '@ser/contracts'
import { getFeatureProgress, type Queryable } from '@ser/database'
import { onChange } from './on-change.ts'
import { watchEvents, type ServerEvent } from './stream-events.ts'

export type FillingWatch = {
  readonly db: Queryable
  readonly id: string
  readonly featureSet: string
  readonly signal: AbortSignal
}

/** Work that fills a dataset, by the name of its event. */
export type Filling<Work> = {
  readonly name: string
  readonly read: (db: Queryable, id: string) => Promise<Work>
  readonly datasetOf: (work: Work) => string
  /** What tells two states of the work apart. */
  readonly stateOf: (work: Work) => string
}

/**
 * The progress of work that fills a dataset, and of the dataset's feature vectors: an event of the work's name and `features` whenever
 * they change, `end` with both. Each event is the whole state, so that one who comes back, with whatever Last-Event-ID, misses nothing.
 */
export function watchFilling<Work extends { readonly status: string }>(
  { db, id, featureSet, signal }: FillingWatch,
  { name, read, datasetOf, stateOf }: Filling<Work>,
): AsyncGenerator<string> {
  const changed = { work: onChange(), features: onChange() }
  return watchEvents<{ readonly work: Work; readonly features: FeatureProgress }>({
    signal,
    read: async () => {
      const work = await read(db, id)
      return { work, features: await getFeatureProgress(db, datasetOf(work), featureSet) }
    },
    tell: ({ work, features }) => {
      const events: ServerEvent[] = [
        ...changed.work(work, `${name}-${stateOf(work)}`, name),
        ...changed.features(features, `f${features.vectors}-${features.failed}-${features.clips}`, 'features'),
      ]
      const done = isDone(work, features)
      return {
        events: done ? [...events, { event: 'end', data: { [name]: work, features }, id: 'end' }] : events,
        done,
      }
    },
  })
}

function isDone({ status }: { readonly status: string }, { clips, vectors, failed }: FeatureProgress): boolean {
  return status === 'failed' || (status === 'completed' && vectors + failed >= clips)
}
