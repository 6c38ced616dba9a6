import { augmentationSchema, featureProgressSchema, type Augmentation, type FeatureProgress } from '@ser/contracts'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { readEvents } from './read-events.ts'
import { showProgress } from './show-progress.ts'
import type { Terminal } from './terminal.ts'

export type AugmentationEnd = { readonly augmentation: Augmentation; readonly features: FeatureProgress }

const endSchema = z.object({ augmentation: augmentationSchema, features: featureProgressSchema })

/** Shows the progress of an augmentation and of its features until both are done, and returns how they ended. */
export async function watchAugmentation(
  client: ApiClient,
  id: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<AugmentationEnd> {
  const progress = showProgress(terminal)
  const variants = progress.bar('variants')
  const vectors = progress.bar('features')
  try {
    for await (const { event, data } of readEvents(client, `/v1/augmentations/${id}/events`, signal)) {
      const value: unknown = JSON.parse(data)
      if (event === 'augmentation') {
        const { done, failed, total } = augmentationSchema.parse(value).counts
        variants.update(done + failed, total, failed === 0 ? '' : `${failed} failed`)
      }
      if (event === 'features') {
        const { clips, vectors: done, failed } = featureProgressSchema.parse(value)
        vectors.update(done + failed, clips, failed === 0 ? '' : `${failed} without a vector`)
      }
      if (event === 'end') return endSchema.parse(value)
    }
  } finally {
    progress.stop()
  }
  throw new Error('an event stream ended without its last event')
}
