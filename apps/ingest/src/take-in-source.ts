import { SerError, type IngestRequest } from '@ser/contracts'
import {
  countPathsAdded,
  deleteOtherRejections,
  ensureFeatureSet,
  hasOneSource,
  type Database,
  type StartedIngestion,
} from '@ser/database'
import { extractorVersion } from '@ser/features'
import type { ObjectStorage } from '@ser/object-storage'
import type { Queues } from '@ser/queue'
import { requestError } from './errors.ts'
import { countFiles, examineFiles, type ExaminedFile } from './examine-files.ts'
import { groupFiles } from './group-files.ts'
import { openLayout, type Layout } from './open-layout.ts'
import { openSource } from './open-source.ts'
import { registerBatch, type RegisterDeps } from './register-batch.ts'
import type { Source } from './source.ts'
import type { Tally } from './tally.ts'

export type IngestSettings = {
  /** Folders below which a source may lie. */
  readonly roots: readonly string[]
  /** Files read, and objects put, at once. */
  readonly uploads: number
  readonly maxFileBytes: number
  readonly maxManifestBytes: number
  /** A batch: rows in one statement, one or more feature jobs. */
  readonly batchFiles: number
  /** Bytes of recordings that a batch holds; about three times as much is held at once. */
  readonly batchBytes: number
}

export type TakeInDeps = {
  readonly db: Database
  readonly storage: ObjectStorage
  readonly queues: Pick<Queues, 'enqueueFeatures'>
  readonly settings: IngestSettings
}

/** Takes in everything that the source of an ingestion has. */
export async function takeInSource(
  started: StartedIngestion,
  tally: Tally,
  signal: AbortSignal,
  deps: TakeInDeps,
): Promise<void> {
  const { request } = started.ingestion
  const source = await openSource(request.source, { storage: deps.storage, roots: deps.settings.roots })
  try {
    const layout = await openLayout(request.layout, source, deps.settings.maxManifestBytes)
    const counted = countTotal(source, layout, tally)
    const featureSet = await ensureFeatureSet(deps.db, request.featureSet, extractorVersion(request.featureSet))
    const onlySource = await hasOneSource(deps.db, started.datasetId, request.source)
    const { maxFileBytes, uploads } = deps.settings
    const { datasetId } = started
    const register = { ...deps, datasetId, source, layout, onlySource, maxFileBytes, featureSet, uploads }
    await registerAll(examineAll(source, layout, tally, deps.settings), tally, signal, register)
    await counted
    await settleCounts(started, request, tally, { db: deps.db, onlySource })
  } finally {
    await source.close()
  }
}

async function* examineAll(
  source: Source,
  layout: Layout,
  tally: Tally,
  { uploads, batchBytes, maxFileBytes }: IngestSettings,
): AsyncGenerator<ExaminedFile, void, undefined> {
  const { countIgnored: onIgnored } = tally
  yield* examineFiles(source, layout, { atOnce: uploads, budgetBytes: batchBytes, maxFileBytes, onIgnored })
  for (const rejection of layout.leftovers()) yield { kind: 'rejected', rejection }
}

/** Registers batch by batch, in order; while one is stored the next is read. */
async function registerAll(
  examined: AsyncIterable<ExaminedFile>,
  tally: Tally,
  signal: AbortSignal,
  deps: RegisterDeps & TakeInDeps,
): Promise<void> {
  const { batchFiles, batchBytes } = deps.settings
  const register = async (batch: readonly ExaminedFile[]) => tally.add(batch.length, await registerBatch(batch, deps))
  let registering = Promise.resolve()
  try {
    for await (const batch of groupFiles(examined, { most: batchFiles, budget: batchBytes, weigh: heldBytes })) {
      await registering
      if (signal.aborted) throw new SerError('INGEST_INTERRUPTED', 'the process ends', { kind: 'transient' })
      registering = register(batch)
      // Awaited before the next batch; until then its error must not end the process as unhandled.
      registering.catch(() => {})
    }
  } finally {
    await registering
  }
}

function heldBytes(examined: ExaminedFile): number {
  return examined.kind === 'recording' ? examined.file.bytes.length : 0
}

/** Counts beside the work; a source that cannot be listed without reading it all (tar) has its total at the end. */
async function countTotal(source: Source, layout: Layout, tally: Tally): Promise<void> {
  if (layout.announced !== null) return tally.setTotal(layout.announced)
  if (source.sequential) return
  // What is wrong with the source, reading it says.
  await countFiles(source, layout).then(tally.setTotal, () => {})
}

async function settleCounts(
  { datasetId, resumed, startedAt }: StartedIngestion,
  request: IngestRequest,
  tally: Tally,
  { db, onlySource }: { readonly db: Database; readonly onlySource: boolean },
): Promise<void> {
  const { found } = tally.counts()
  if (found === 0) {
    const where =
      request.source.kind === 's3' ? `s3://${request.source.bucket}/${request.source.prefix}` : request.source.path
    throw requestError('SOURCE_EMPTY', `there is no recording in ${where}`)
  }
  tally.setTotal(found)
  if (resumed) tally.setStored(await countPathsAdded(db, datasetId, startedAt))
  const rejected = tally.rejectedPaths()
  if (onlySource && rejected !== undefined) await deleteOtherRejections(db, datasetId, rejected)
}
