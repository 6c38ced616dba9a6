import type { Augmentation, FeatureProgress } from '@ser/contracts'
import { getAugmentation, getFeatureProgress, type Queryable } from '@ser/database'
import { onChange } from './on-change.ts'
import { watchEvents, type ServerEvent } from './stream-events.ts'

export type AugmentationWatch = {
  readonly db: Queryable
  readonly id: string
  readonly featureSet: string
  readonly signal: AbortSignal
}

type State = { readonly augmentation: Augmentation; readonly features: FeatureProgress }

/**
 * The progress of an augmentation and of the feature vectors of the dataset that it fills: `augmentation` and `features`
 * whenever they change, `end` with both. Each event is the whole state.
 */
export function watchAugmentation({ db, id, featureSet, signal }: AugmentationWatch): AsyncGenerator<string> {
  const changed = { augmentation: onChange(), features: onChange() }
  return watchEvents<State>({
    signal,
    read: async () => {
      const augmentation = await getAugmentation(db, id)
      return { augmentation, features: await getFeatureProgress(db, augmentation.into, featureSet) }
    },
    tell: ({ augmentation, features }) => {
      const { counts, status } = augmentation
      const events: ServerEvent[] = [
        ...changed.augmentation(augmentation, `a${counts.done}-${counts.failed}-${status}`, 'augmentation'),
        ...changed.features(features, `f${features.vectors}-${features.failed}-${features.clips}`, 'features'),
      ]
      const done = status === 'completed' && features.vectors + features.failed >= features.clips
      return {
        events: done ? [...events, { event: 'end', data: { augmentation, features }, id: 'end' }] : events,
        done,
      }
    },
  })
}
