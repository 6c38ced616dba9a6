import { mapLimited } from '@ser/queue'
import { SerError, failureKind, type FeatureJob, type FeatureSpec } from '@ser/contracts'
import {
  findClipsOwingVectors,
  findFeatureSet,
  recordFeatureFailures,
  type Database,
  type FeatureFailureRow,
  type OwingClip,
  type StoredFeatureSet,
} from '@ser/database'
import type { ObjectStorage } from '@ser/object-storage'
import type { FeatureValues } from './compute-vector.ts'
import type { ExtractPool } from './create-extract-pool.ts'
import { createFeatureStore } from './store-features.ts'

export type ExtractDeps = {
  readonly db: Database
  readonly storage: Pick<ObjectStorage, 'get' | 'getStream'>
  /** Computes a vector off the event loop; takes the bytes' memory for itself. */
  readonly extract: ExtractPool['extract']
  /** The same for a recording that is too long to be held: it is opened when it is wanted. */
  readonly extractReceived: ExtractPool['extractReceived']
  /** The version of the code behind `extract`. */
  readonly extractorVersion: (spec: FeatureSpec) => string
  /** Clips of one job that are fetched or computed at once. */
  readonly clipsAtOnce: number
}

/** Clips of a job: `vectors` are newly stored, `failed` recorded with a reason, `skipped` owe nothing (any more). */
export type ExtractReport = { readonly vectors: number; readonly failed: number; readonly skipped: number }

type Extracted =
  | { readonly values: FeatureValues }
  | { readonly failure: FeatureFailureRow }
  | { readonly lost: unknown }

/**
 * Computes the vectors (or matrices) that the clips of a job owe and stores them, vectors in one statement. A recording that cannot
 * be used is recorded with its reason and does not stop the others.
 *
 * @throws SerError FEATURE_SET_GONE (gone); EXTRACTOR_MISMATCH (transient) when another version of the code is asked
 * for; CLIPS_UNFINISHED (transient) when some clips could not be had, after all others are stored: the retry does
 * just these. At the last attempt clips that only ever fail by themselves are recorded as failed instead.
 */
export async function extractFeatures(
  job: FeatureJob,
  deps: ExtractDeps,
  { lastAttempt }: { readonly lastAttempt: boolean },
): Promise<ExtractReport> {
  const featureSet = await loadFeatureSet(job.featureSetId, deps)
  const owing = await findClipsOwingVectors(deps.db, featureSet.rowId, job.clips)
  const store = createFeatureStore(deps.db, featureSet.rowId)
  const unstored = await mapLimited(owing, deps.clipsAtOnce, async (clip) => {
    const extracted = await extractClip(clip, featureSet, deps, lastAttempt)
    if (!('values' in extracted)) return [extracted]
    await store.add(clip.sha256, extracted.values)
    return []
  })
  const extracted = unstored.flat()
  const failures = extracted.flatMap((result) => ('failure' in result ? [result.failure] : []))
  const lost = extracted.flatMap((result) => ('lost' in result ? [result.lost] : []))
  const stored = await store.finish()
  await recordFeatureFailures(deps.db, featureSet.rowId, failures)
  if (lost.length > 0) throw unfinished(job, owing.length, lost)
  return { vectors: stored, failed: failures.length, skipped: job.clips.length - stored - failures.length }
}

async function loadFeatureSet(id: string, { db, extractorVersion }: ExtractDeps): Promise<StoredFeatureSet> {
  const featureSet = await findFeatureSet(db, id)
  if (featureSet === undefined)
    throw new SerError('FEATURE_SET_GONE', `there is no feature set ${id}`, { kind: 'gone', ids: { featureSet: id } })
  const ours = extractorVersion(featureSet.spec)
  if (featureSet.extractor === ours) return featureSet
  // Transient, because while versions are rolled out another worker may well be the right one.
  throw new SerError(
    'EXTRACTOR_MISMATCH',
    `feature set ${id} is of the extractor ${featureSet.extractor}, and this worker has ${ours}: ` +
      'run a worker of that version, or ingest the dataset again for this one',
    { kind: 'transient', ids: { featureSet: id } },
  )
}

/** Larger recordings pass through; of others a process holds as many as it works on at once. */
const WHOLE_BYTES = 16 * 2 ** 20

// These are about the one clip, and so say something of it when they come again at every attempt.
const CLIP_ERRORS = new Set(['OBJECT_GONE', 'EXTRACTION_CRASHED'])

async function extractClip(
  { sha256, objectKey, bytes }: OwingClip,
  { spec, id }: StoredFeatureSet,
  deps: ExtractDeps,
  lastAttempt: boolean,
): Promise<Extracted> {
  try {
    // At the last attempt a breakdown counts as the fault of a clip: then no other may be there.
    const values =
      bytes > WHOLE_BYTES
        ? await deps.extractReceived(() => deps.storage.getStream(objectKey), bytes, spec)
        : await deps.extract(await deps.storage.get(objectKey, { maxBytes: bytes }), spec, { alone: lastAttempt })
    return { values }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EXTRACTION_FAILED'
    const message = error instanceof Error ? error.message : String(error)
    if (code === 'unsupported_spec')
      throw new SerError('FEATURE_SPEC_UNSUPPORTED', `feature set ${id}: ${message}`, {
        kind: 'bad-input',
        ids: { featureSet: id },
        cause: error,
      })
    const isFault = failureKind(error) === 'bad-input' || (lastAttempt && CLIP_ERRORS.has(code))
    return isFault ? { failure: { sha256, code, message } } : { lost: error }
  }
}

function unfinished(job: FeatureJob, owing: number, lost: readonly unknown[]): SerError {
  const [first] = lost
  const reason = first instanceof Error ? first.message : String(first)
  return new SerError('CLIPS_UNFINISHED', `${lost.length} of ${owing} clips could not be done for now: ${reason}`, {
    kind: 'transient',
    ids: { featureSet: job.featureSetId, clips: lost.length },
    cause: first,
  })
}
