import { AUGMENTATION_VERSION, recipeSchema } from '@ser/augmentation'
import { listNetworks, SerError, type RunSpec } from '@ser/contracts'
import { findRunVariants, listRoots, measureRecordings, type Database } from '@ser/database'
import type { KnownClip } from './join-datasets.ts'
import type { PreparedRun } from './prepare-run.ts'
import type { VariantOrder } from './train-messages.ts'

export type VariantOptions = {
  readonly threads: number
  /** What the decoded waveforms of a run may take. */
  readonly mostWaveformBytes: number
}

/** Babble of the training side itself has so many voices to choose from. */
const OWN_VOICES = 256
const FLOAT_BYTES = 4
/** A thread holds a recording several times over. */
const MOST_SECONDS = 600

/**
 * What a run's variants on the fly are made of: the original recordings of its training side, and what is mixed into them, which has no
 * part in the other sides. Stored variants are heard as they are.
 *
 * @throws SerError RECIPE_NOT_FOUND, RUN_NO_ORIGINALS, RESOURCES_OVERLAP, RECORDING_TOO_LONG, RUN_TOO_LARGE (bad-input), TRANSFORMS_MISMATCH (transient)
 */
export async function prepareVariants(
  db: Database,
  { runId, spec, prepared }: { readonly runId: string; readonly spec: RunSpec; readonly prepared: PreparedRun },
  { threads, mostWaveformBytes }: VariantOptions,
): Promise<VariantOrder | undefined> {
  const { onTheFly } = spec
  if (onTheFly === undefined) return undefined
  const found = await findRunVariants(db, runId)
  if (found === undefined) throw refuse('RECIPE_NOT_FOUND', `nothing is known of the recipe ${onTheFly.recipe}`)
  checkTransforms(found.recipe.transforms)
  const originals = prepared.train.filter(({ parent }) => typeof parent !== 'string').map(({ sha256 }) => sha256)
  if (originals.length === 0) {
    throw refuse('RUN_NO_ORIGINALS', 'the training side has variants only, and no recording to make variants of')
  }
  const resources: Record<string, { sha256: string; root: string }[]> = {}
  for (const [group, shas] of Object.entries(found.members)) resources[group] = await listRoots(db, shas)
  refuseOverlap(resources, prepared.unheard)
  for (const [group, from] of Object.entries(onTheFly.resources))
    if ('side' in from) resources[group] = spread(originals, OWN_VOICES).map((sha256) => ({ sha256, root: sha256 }))
  const [{ featureSet }] = listNetworks(spec)
  const { sampleRate } = featureSet
  checkLengths(await measureRecordings(db, originals), mostWaveformBytes / (FLOAT_BYTES * sampleRate))
  return {
    recipe: recipeSchema.parse(found.recipe.spec),
    share: onTheFly.share,
    clips: prepared.train.map(({ sha256, parent }) => (typeof parent === 'string' ? '' : sha256)),
    resources,
    sampleRate,
    threads,
  }
}

function checkTransforms(asked: string): void {
  if (asked === AUGMENTATION_VERSION) return
  const message = `the run was asked for with version ${asked} of the transforms, and this trainer has ${AUGMENTATION_VERSION}: run a trainer of that version, or ask for the run again`
  throw new SerError('TRANSFORMS_MISMATCH', message, { kind: 'transient' })
}

/** What is heard in a training recording is trained on. */
function refuseOverlap(resources: VariantOrder['resources'], unheard: readonly KnownClip[]): void {
  const kept = new Set(unheard.map(({ sha256, parent }) => parent ?? sha256))
  const common = Object.values(resources).flatMap((group) => group.filter(({ root }) => kept.has(root)))
  if (common.length === 0) return
  const message = `${common.length} of the recordings to mix in are recordings of the test or validation side, or made from them: a model would hear them while it trains; for voices of the training side itself ask for these`
  throw new SerError('RESOURCES_OVERLAP', message, { kind: 'bad-input', ids: { clip: common[0].sha256 } })
}

/** Evenly over the hashes, which are in no relation to speakers and labels. */
function spread(shas: readonly string[], most: number): string[] {
  const sorted = shas.toSorted()
  const count = Math.min(most, sorted.length)
  return Array.from({ length: count }, (_, index) => sorted[Math.floor((index * sorted.length) / count)])
}

function checkLengths(
  { seconds, longest }: { readonly seconds: number; readonly longest: number },
  mostSeconds: number,
): void {
  if (longest > MOST_SECONDS) {
    const message = `a recording of the training side lasts ${Math.round(longest)} s, and variants on the fly are made of ${MOST_SECONDS} s at most: make stored variants of it`
    throw refuse('RECORDING_TOO_LONG', message)
  }
  if (seconds <= mostSeconds) return
  const message = `the waveforms of the training side last ${Math.ceil(seconds)} s, and the trainer has room for ${Math.floor(mostSeconds)} s (SER_WAVEFORMS_MB): make stored variants instead, or choose fewer datasets`
  throw refuse('RUN_TOO_LARGE', message)
}

function refuse(code: string, message: string): SerError {
  return new SerError(code, message, { kind: 'bad-input' })
}
