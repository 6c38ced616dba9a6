import { AUGMENTATION_VERSION } from '@ser/augmentation'
import type { AugmentJob } from '@ser/contracts'
import { extractorVersion } from '@ser/features'
import { augmentClips, type AugmentDeps, type AugmentReport } from './augment-clips.ts'
import { createAugmentPool } from './create-augment-pool.ts'
import { createResourceLoader } from './load-resources.ts'

export type AugmenterOptions = Pick<AugmentDeps, 'db' | 'storage' | 'queues'> & { readonly threads: number }

export type Augmenter = {
  /** See `augmentClips`. */
  readonly augment: (job: AugmentJob, context: { readonly lastAttempt: boolean }) => Promise<AugmentReport>
  readonly close: () => Promise<void>
}

/** Threads, the recordings that they mix in, and the versions of the code that they run. */
export function createAugmenter({ threads, ...io }: AugmenterOptions): Augmenter {
  const pool = createAugmentPool({ threads })
  // One more than compute, so that one is fetched meanwhile.
  const clipsAtOnce = threads + 1
  const deps = {
    ...io,
    makeVariant: pool.makeVariant,
    loadResources: createResourceLoader({ storage: io.storage, decode: pool.decode, atOnce: clipsAtOnce }),
    transforms: AUGMENTATION_VERSION,
    extractorVersion,
    clipsAtOnce,
  }
  return { augment: (job, context) => augmentClips(job, deps, context), close: pool.close }
}
