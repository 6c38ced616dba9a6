import { getAugmentation } from '@ser/database'
import { watchFilling, type FillingWatch } from './watch-filling.ts'

/** The progress of an augmentation and of the feature vectors of the dataset that it fills. */
export function watchAugmentation(watch: FillingWatch): AsyncGenerator<string> {
  return watchFilling(watch, {
    name: 'augmentation',
    read: getAugmentation,
    datasetOf: ({ into }) => into,
    stateOf: ({ counts, status }) => `${counts.done}-${counts.failed}-${status}`,
  })
}
