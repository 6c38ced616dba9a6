import { recipeSchema, type Recipe, type Resources } from '@ser/augmentation'
import { contentHash, failureKind, SerError, type AugmentJob, type FeatureSpec } from '@ser/contracts'
import {
  countAugmentedClips,
  ensureFeatureSet,
  findAugmentationWork,
  findClipsOwingVariants,
  findClipsOwingVectors,
  findVariants,
  storeVariants,
  type AugmentationWork,
  type AugmentedClip,
  type Database,
  type OwingParent,
  type VariantRow,
} from '@ser/database'
import { audioKey, audioMediaType, type ObjectStorage } from '@ser/object-storage'
import { mapLimited, featureJobs, type Queues } from '@ser/queue'
import type { AugmentPool } from './create-augment-pool.ts'
import type { ResourceLoader } from './load-resources.ts'

export type AugmentDeps = {
  readonly db: Database
  readonly storage: Pick<ObjectStorage, 'get' | 'putIfAbsent'>
  readonly queues: Pick<Queues, 'enqueueFeatures'>
  readonly makeVariant: AugmentPool['makeVariant']
  readonly loadResources: ResourceLoader
  /** The version of the transforms behind `makeVariant`. */
  readonly transforms: string
  /** The version of the extractor that the variants' vectors are asked of. */
  readonly extractorVersion: (spec: FeatureSpec) => string
  /** Clips of one job that are fetched or worked on at once. */
  readonly clipsAtOnce: number
}

/** `made` counts new variants; `failed` clips that were recorded with a reason, `skipped` those that owed nothing (any more). */
export type AugmentReport = { readonly made: number; readonly failed: number; readonly skipped: number }

type Outcome = { readonly made: number } | { readonly failure: AugmentedClip } | { readonly lost: unknown }

/**
 * Makes the variants that the clips of a job owe: objects first, then the rows of each clip in one transaction, then the
 * jobs for their features. A recording that cannot be used is recorded with its reason and does not stop the others.
 * Cut off anywhere, it can be run again: what is there is not made twice.
 *
 * @throws SerError AUGMENTATION_GONE (gone); TRANSFORMS_MISMATCH (transient) when another version of the code is asked
 * for; CLIPS_UNFINISHED (transient) when some clips could not be had, after all others are stored: the retry does just
 * these. At the last attempt clips that only ever fail by themselves are recorded as failed instead.
 */
export async function augmentClips(
  { augmentationId, parents }: AugmentJob,
  deps: AugmentDeps,
  { lastAttempt }: { readonly lastAttempt: boolean },
): Promise<AugmentReport> {
  const work = await loadWork(augmentationId, deps)
  const recipe = recipeSchema.parse(work.recipe.spec)
  const owing = await findClipsOwingVariants(deps.db, work, parents)
  const outcomes = await mapLimited(owing, deps.clipsAtOnce, (parent) =>
    augmentClip(parent, { work, recipe, deps, lastAttempt }),
  )
  const failures = outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome.failure] : []))
  const lost = outcomes.flatMap((outcome) => ('lost' in outcome ? [outcome.lost] : []))
  const made = outcomes.reduce((sum, outcome) => sum + ('made' in outcome ? outcome.made : 0), 0)
  await countAugmentedClips(deps.db, work, failures)
  // Of all clips of the job, also those that a worker before this one has finished and then was killed.
  await enqueueFeatures(work, parents, deps)
  if (lost.length > 0) throw unfinished(augmentationId, owing.length, lost)
  return { made, failed: failures.length, skipped: parents.length - owing.length }
}

async function loadWork(id: string, { db, transforms }: AugmentDeps): Promise<AugmentationWork> {
  const work = await findAugmentationWork(db, id)
  const ids = { augmentation: id }
  if (work === undefined)
    throw new SerError('AUGMENTATION_GONE', `there is no augmentation ${id}`, { kind: 'gone', ids })
  if (work.recipe.transforms === transforms) return work
  // Transient, because while versions are rolled out another worker may well be the right one.
  throw new SerError(
    'TRANSFORMS_MISMATCH',
    `augmentation ${id} was asked of version ${work.recipe.transforms} of the transforms, and this worker has ${transforms}: ` +
      'run a worker of that version, or ask for the augmentation again',
    { kind: 'transient', ids },
  )
}

// These are about the one clip, and so say something of it when they come again at every attempt.
const CLIP_ERRORS = new Set(['OBJECT_GONE', 'AUGMENTATION_CRASHED', 'AUGMENTATION_STUCK'])

type ClipWork = {
  readonly work: AugmentationWork
  readonly recipe: Recipe
  readonly deps: AugmentDeps
  readonly lastAttempt: boolean
}

async function augmentClip(parent: OwingParent, clipWork: ClipWork): Promise<Outcome> {
  const { work, deps, lastAttempt } = clipWork
  const { sha256 } = parent
  try {
    const variants = parent.missing.length === 0 ? [] : await makeVariants(parent, clipWork)
    const { made, placed } = await storeVariants(deps.db, work, sha256, variants)
    if (placed) return { made }
    return fail(sha256, 'CLIP_REMOVED', 'the recording has been taken out of the dataset since variants were asked for')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'AUGMENTATION_FAILED'
    const isFault = failureKind(error) === 'bad-input' || (lastAttempt && CLIP_ERRORS.has(code))
    return isFault ? fail(sha256, code, error instanceof Error ? error.message : String(error)) : { lost: error }
  }
}

function fail(sha256: string, code: string, message: string): Outcome {
  return { failure: { sha256, failure: { code, message } } }
}

/** One copy after the other, so that of a long recording not all copies are in memory at once. */
async function makeVariants(parent: OwingParent, { work, recipe, deps }: ClipWork): Promise<VariantRow[]> {
  const { sha256, objectKey, sampleRate } = parent
  const bytes = await deps.storage.get(objectKey, { maxBytes: parent.bytes })
  const resources = withoutOwn(await deps.loadResources(work.resourceSet, sampleRate), parent)
  const variants: VariantRow[] = []
  for (const copy of parent.missing) {
    const seed = contentHash({ parent: sha256, seed: work.seed, copy })
    const { bytes: file, applied, outputGainDb, ...made } = await deps.makeVariant({ bytes, recipe, seed, resources })
    const clip = { ...made, objectKey: audioKey(made.sha256), bytes: file.length, container: 'wav', channels: 1 }
    await deps.storage.putIfAbsent(clip.objectKey, file, { contentType: audioMediaType('wav'), sha256: clip.sha256 })
    variants.push({ copy, clip, applied, outputGainDb })
  }
  return variants
}

/** A recording is never its own noise. */
function withoutOwn(resources: Resources, { sha256, root }: OwingParent): Resources {
  const others = Object.entries(resources).map(
    ([group, recordings]) => [group, recordings.filter(({ name }) => name !== sha256 && name !== root)] as const,
  )
  return Object.fromEntries(others)
}

async function enqueueFeatures(
  work: AugmentationWork,
  parents: readonly string[],
  { db, queues, extractorVersion }: AugmentDeps,
): Promise<void> {
  const featureSet = await ensureFeatureSet(db, work.featureSpec, extractorVersion(work.featureSpec))
  const owing = await findClipsOwingVectors(db, featureSet.rowId, await findVariants(db, work, parents))
  if (owing.length === 0) return
  const clips = owing.map(({ sha256 }) => sha256)
  await queues.enqueueFeatures(featureJobs(featureSet.id, clips))
}

function unfinished(id: string, owing: number, lost: readonly unknown[]): SerError {
  const [first] = lost
  const reason = first instanceof Error ? first.message : String(first)
  return new SerError('CLIPS_UNFINISHED', `${lost.length} of ${owing} clips could not be done for now: ${reason}`, {
    kind: 'transient',
    ids: { augmentation: id, clips: lost.length },
    cause: first,
  })
}
