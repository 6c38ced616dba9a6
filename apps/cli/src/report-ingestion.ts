import { EXIT } from './cli-error.ts'
import { printResult, type Terminal } from './terminal.ts'
import { describeCounts, type IngestionEnd } from './watch-ingestion.ts'

/** Prints how an ingestion ended, and gives the exit code: to have taken in none of the files found is a failure. */
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
  const { status, counts } = end.ingestion
  const tookNone = counts.found > 0 && counts.rejected === counts.found
  return status === 'failed' || tookNone ? EXIT.failed : EXIT.ok
}
