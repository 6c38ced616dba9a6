import { EXIT } from './cli-error.ts'
import { printResult, type Terminal } from './terminal.ts'
import { describeCounts, type IngestionEnd } from './watch-ingestion.ts'

/** Prints how an ingestion ended, and gives the exit code. */
export function reportIngestion(terminal: Terminal, end: IngestionEnd): number {
  printResult(terminal, end, ({ ingestion, features }) => {
    const { dataset } = ingestion.request
    if (ingestion.status === 'failed') return [`failed: ${ingestion.error?.message ?? 'no reason was recorded'}`]
    const lines = [
      `${dataset}: ${ingestion.counts.found} files, ${describeCounts(ingestion.counts) || 'nothing new'}`,
      `${dataset}: ${features.vectors} feature vectors of ${features.clips} clips`,
    ]
    const refused = ingestion.counts.rejected + features.failed
    return refused === 0 ? lines : [...lines, `see why: npx ser rejected --dataset ${dataset}`]
  })
  return end.ingestion.status === 'failed' ? EXIT.failed : EXIT.ok
}
