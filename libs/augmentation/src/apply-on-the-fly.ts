import { applyRecipe, type Augmented } from './apply-recipe.ts'
import { requireInteger } from './errors.ts'
import { createRandom } from './random.ts'
import type { Recipe } from './recipe-schema.ts'
import type { Resources } from './resources.ts'

/** The stream that says whether a variant is made at all: apart from those of the steps, which are numbered from 0, and of the masks. */
const SHARE_STREAM = -2

export type OnTheFlyOptions = {
  readonly sampleRate: number
  readonly recipe: Recipe
  /** Of the run. */
  readonly seed: number
  /** From 1. */
  readonly epoch: number
  /** The SHA-256 of the recording, 64 hexadecimal digits. */
  readonly clip: string
  /** Recordings by group, fastest at `sampleRate`; see `applyRecipe`. */
  readonly resources?: Resources | undefined
}

/**
 * A fresh variant of a recording for one epoch of training: another one in every epoch and for every clip, and the same one again for the
 * same run seed, epoch, clip, recipe and resources, in whatever order clips are asked for and by whichever thread. Stored variants are
 * seeded otherwise, so that a variant made on the fly is none of them.
 *
 * @param samples mono, at `sampleRate`; not changed.
 * @throws as `applyRecipe`
 */
export function applyOnTheFly(samples: Float32Array, options: OnTheFlyOptions): Augmented {
  const { sampleRate, recipe, resources } = options
  return applyRecipe(samples, { sampleRate, recipe, seed: onTheFlySeed(options), resources })
}

/**
 * The seed of a variant: epoch, run and clip side by side, of which every digit counts. Throws `AugmentationError` for an epoch or a seed
 * that is no whole number from 1, or 0, to 2^32 - 1.
 */
export function onTheFlySeed({ seed, epoch, clip }: Pick<OnTheFlyOptions, 'seed' | 'epoch' | 'clip'>): string {
  requireInteger('epoch', epoch, 1, 0xffff_ffff)
  requireInteger('seed', seed, 0, 0xffff_ffff)
  return epoch.toString(16) + seed.toString(16).padStart(8, '0') + clip
}

/** Whether a recording is heard as a variant in an epoch, which it is with a probability of `share`; decided by the variant's seed alone. */
export function isVariantDrawn(
  of: Pick<OnTheFlyOptions, 'seed' | 'epoch' | 'clip'> & { readonly share: number },
): boolean {
  return createRandom(onTheFlySeed(of)).fork(SHARE_STREAM).uniform() < of.share
}
