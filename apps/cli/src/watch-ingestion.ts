import { featureProgressSchema, ingestionSchema, type FeatureProgress, type Ingestion } from '@ser/contracts'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { readEvents } from './read-events.ts'
import { showProgress } from './show-progress.ts'
import type { Terminal } from './terminal.ts'

export type IngestionEnd = { readonly ingestion: Ingestion; readonly features: FeatureProgress }

const endSchema = z.object({ ingestion: ingestionSchema, features: featureProgressSchema })

/** Shows the progress of an ingestion and of its features until both are done, and returns how they ended. */
export async function watchIngestion(
  client: ApiClient,
  id: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<IngestionEnd> {
  const progress = showProgress(terminal)
  const files = progress.bar('recordings')
  const vectors = progress.bar('features')
  try {
    for await (const { event, data } of readEvents(client, `/v1/ingestions/${id}/events`, signal)) {
      const value: unknown = JSON.parse(data)
      if (event === 'ingestion') {
        const { counts } = ingestionSchema.parse(value)
        files.update(counts.found, counts.total, describeCounts(counts))
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
