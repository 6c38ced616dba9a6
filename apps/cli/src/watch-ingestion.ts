import { featureProgressSchema, ingestionSchema, type Ingestion } from '@ser/contracts'
import { z } from 'zod'
import type { CommandContext } from './command-context.ts'
import { followEvents } from './follow-events.ts'
import { showFeatures } from './show-features.ts'

const endSchema = z.object({ ingestion: ingestionSchema, features: featureProgressSchema })

export type IngestionEnd = z.output<typeof endSchema>

/** Shows the progress of an ingestion and of its features until both are done, and returns how they ended. */
export function watchIngestion(context: CommandContext, id: string): Promise<IngestionEnd> {
  return followEvents(context, {
    path: `/v1/ingestions/${id}/events`,
    endSchema,
    show(progress) {
      const files = progress.bar('recordings')
      return {
        ingestion(value) {
          const { counts } = ingestionSchema.parse(value)
          files.update(counts.found, counts.total, describeCounts(counts))
        },
        features: showFeatures(progress),
      }
    },
  })
}

/** What became of the files: `2800 new, 3 rejected`. */
export function describeCounts({ stored, unchanged, rejected }: Ingestion['counts']): string {
  const parts = [
    [stored, 'new'],
    [unchanged, 'there already'],
    [rejected, 'rejected'],
  ] as const
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  return said.join(', ')
}
