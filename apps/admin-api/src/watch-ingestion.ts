import { getIngestion } from '@ser/database'
import { watchFilling, type FillingWatch } from './watch-filling.ts'

/** The progress of an ingestion and of the feature vectors of its dataset. */
export function watchIngestion(watch: FillingWatch): AsyncGenerator<string> {
  return watchFilling(watch, {
    name: 'ingestion',
    read: getIngestion,
    datasetOf: ({ request }) => request.dataset,
    stateOf: ({ counts, status }) => `${counts.found}-${status}`,
  })
}
