import { failureKind, type IngestJob, type Ingestion } from '@ser/contracts'
import {
  finishIngestion,
  getIngestion,
  startIngestion,
  updateIngestionProgress,
  type StartedIngestion,
} from '@ser/database'
import type { JobContext, WorkerLogger } from '@ser/queue'
import { systemCode } from './errors.ts'
import { reportProgress } from './report-progress.ts'
import { createTally, type Tally } from './tally.ts'
import { takeInSource, type TakeInDeps } from './take-in-source.ts'

export type IngestDeps = TakeInDeps & {
  readonly logger: Pick<WorkerLogger, 'info' | 'warn'>
  /** Hears of files by what became of them, for metrics. */
  readonly onFiles?: (outcome: 'stored' | 'unchanged' | 'rejected', files: number) => void
}

/** What an ingestion did: files by what became of them, and what that caused. All zero but `unchanged` when nothing was new. */
export type IngestReport = Ingestion['counts'] & {
  readonly ignored: number
  readonly uploaded: number
  readonly enqueued: number
}

/**
 * Takes a dataset in: each file of the source is labelled, proved to be audio, stored once and registered, and what owes a
 * vector is enqueued. A request that cannot be served ends the ingestion with its reason; a lost service is thrown, and
 * another attempt goes on where this one ended, because it finds everything that is there.
 *
 * @throws SerError of kind `gone` when there is no such ingestion
 */
export async function ingestDataset(
  { ingestionId }: IngestJob,
  context: Pick<JobContext, 'lastAttempt' | 'signal'>,
  deps: IngestDeps,
): Promise<IngestReport | { readonly already: 'completed' }> {
  const started = await startIngestion(deps.db, ingestionId)
  if (started === undefined) {
    await getIngestion(deps.db, ingestionId)
    return { already: 'completed' }
  }
  const tally = createTally()
  const stopReporting = reportProgress(tally.counts, (counts) => updateIngestionProgress(deps.db, ingestionId, counts))
  try {
    await takeInSource(started, tally, context.signal, deps)
    await stopReporting()
    await finishIngestion(deps.db, ingestionId, { counts: tally.counts(), error: null })
    return report(started, tally, deps)
  } catch (error) {
    await stopReporting()
    const final = failureKind(error) === 'bad-input' || failureKind(error) === 'conflict' || context.lastAttempt
    if (final && !context.signal.aborted) await writeFailure(ingestionId, tally, error, deps)
    throw error
  }
}

function report({ ingestion, resumed }: StartedIngestion, tally: Tally, deps: IngestDeps): IngestReport {
  const counts = tally.counts()
  for (const outcome of ['stored', 'unchanged', 'rejected'] as const) deps.onFiles?.(outcome, counts[outcome])
  const result = { ...counts, ...tally.effects() }
  const nothingNew = counts.stored === 0 && result.uploaded === 0 && result.enqueued === 0
  const message = nothingNew ? 'ingestion completed: nothing new' : 'ingestion completed'
  deps.logger.info({ ingestion: ingestion.id, dataset: ingestion.request.dataset, resumed, ...result }, message)
  return result
}

async function writeFailure(id: string, tally: Tally, error: unknown, deps: IngestDeps): Promise<void> {
  const message = error instanceof Error ? error.message : String(error)
  const reason = { code: systemCode(error) || 'INGEST_FAILED', message }
  deps.logger.warn({ ingestion: id, ...reason }, 'ingestion failed')
  await finishIngestion(deps.db, id, { counts: tally.counts(), error: reason })
}
