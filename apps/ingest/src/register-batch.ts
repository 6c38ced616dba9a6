import {
  deleteDatasetClips,
  findClipsOwingVectors,
  findStoredClips,
  insertRejections,
  registerDatasetClips,
  upsertClips,
  type Database,
  type RegisteredClips,
  type StoredFeatureSet,
} from '@ser/database'
import { audioKey, audioMediaType, type ObjectStorage } from '@ser/object-storage'
import { featureJobs, mapLimited, type Queues } from '@ser/queue'
import type { ExaminedFile, LabelledRecording } from './examine-files.ts'
import type { FileRejection } from './inspect-file.ts'
import { settleConflicts, type ConflictDeps } from './settle-conflicts.ts'

export type RegisterDeps = ConflictDeps & {
  readonly db: Database
  readonly storage: ObjectStorage
  readonly queues: Pick<Queues, 'enqueueFeatures'>
  readonly featureSet: StoredFeatureSet
  /** Uploads at once. */
  readonly uploads: number
}

/** What became of a batch; `uploaded` counts objects, `enqueued` new feature jobs. */
export type BatchReport = RegisteredClips & {
  readonly rejected: readonly FileRejection[]
  readonly uploaded: number
  readonly enqueued: number
}

/**
 * Takes in a batch of examined files: objects first, then rows in one transaction, then feature jobs for the clips that owe a
 * vector. It may be cut off anywhere and run again: what is there is not made twice.
 */
export async function registerBatch(batch: readonly ExaminedFile[], deps: RegisterDeps): Promise<BatchReport> {
  // An archive may have a path twice; the last one is what unpacking it would leave.
  const files = [...new Map(batch.map((each) => [pathOf(each), each])).values()]
  const recordings = files.flatMap((each) => (each.kind === 'recording' ? [each.file] : []))
  const settled = await settleConflicts(recordings, deps)
  const rejected = [...files.flatMap((each) => (each.kind === 'rejected' ? [each.rejection] : [])), ...settled.rejected]
  const uploaded = await uploadNew(settled.accepted, deps)
  const rows = await deps.db.transaction(async (transaction) => {
    const leaving = [...rejected.map(({ path }) => path), ...settled.superseded]
    await upsertClips(transaction, settled.accepted.map(clipRow))
    await deleteDatasetClips(transaction, deps.datasetId, leaving)
    await insertRejections(transaction, deps.datasetId, rejected)
    return await registerDatasetClips(transaction, deps.datasetId, settled.accepted)
  })
  const enqueued = await enqueueOwed(settled.accepted, deps)
  return { ...rows, unchanged: rows.unchanged + batch.length - files.length, rejected, uploaded, enqueued }
}

function pathOf(examined: ExaminedFile): string {
  return examined.kind === 'recording' ? examined.file.path : examined.rejection.path
}

/** A clip's row says that its object is there; without a row it is put, once for each content. */
async function uploadNew(files: readonly LabelledRecording[], deps: RegisterDeps): Promise<number> {
  const bySha = new Map(files.map((file) => [file.sha256, file]))
  const stored = await findStoredClips(deps.db, [...bySha.keys()])
  const missing = [...bySha.values()].filter(({ sha256 }) => !stored.has(sha256))
  await mapLimited(missing, deps.uploads, ({ sha256, bytes, info }) =>
    deps.storage.put(audioKey(sha256), bytes, { contentType: audioMediaType(info.container), sha256 }),
  )
  return missing.length
}

function clipRow({ sha256, bytes, info }: LabelledRecording) {
  const { container, encoding, sampleRate, channels, frames } = info
  return { sha256, objectKey: audioKey(sha256), bytes: bytes.length, container, encoding, sampleRate, channels, frames }
}

async function enqueueOwed(files: readonly LabelledRecording[], deps: RegisterDeps): Promise<number> {
  const clips = files.map(({ sha256 }) => sha256)
  const owing = await findClipsOwingVectors(deps.db, deps.featureSet.rowId, clips)
  if (owing.length === 0) return 0
  const jobs = featureJobs(
    deps.featureSet.id,
    owing.map(({ sha256 }) => sha256),
  )
  const { added, retried } = await deps.queues.enqueueFeatures(jobs)
  return added + retried
}
