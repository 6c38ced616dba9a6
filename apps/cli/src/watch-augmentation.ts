import { augmentationSchema, featureProgressSchema } from '@ser/contracts'
import { z } from 'zod'
import type { CommandContext } from './command-context.ts'
import { followEvents } from './follow-events.ts'
import { showFeatures } from './show-features.ts'

const endSchema = z.object({ augmentation: augmentationSchema, features: featureProgressSchema })

export type AugmentationEnd = z.output<typeof endSchema>

/** Shows the progress of an augmentation and of its features until both are done, and returns how they ended. */
export function watchAugmentation(context: CommandContext, id: string): Promise<AugmentationEnd> {
  return followEvents(context, {
    path: `/v1/augmentations/${id}/events`,
    endSchema,
    show(progress) {
      const variants = progress.bar('variants')
      return {
        augmentation(value) {
          const { done, failed, total } = augmentationSchema.parse(value).counts
          variants.update(done + failed, total, failed === 0 ? '' : `${failed} failed`)
        },
        features: showFeatures(progress),
      }
    },
  })
}
