import { mapLimited } from '@ser/queue'
import type { NamedRecording, Resources } from '@ser/augmentation'
import { SerError } from '@ser/contracts'
import type { ResourceMembers } from '@ser/database'
import { audioKey, type ObjectStorage } from '@ser/object-storage'
import type { AugmentPool } from './create-augment-pool.ts'

export type ResourceDeps = {
  readonly storage: Pick<ObjectStorage, 'get'>
  readonly decode: AugmentPool['decode']
  /** Recordings that are fetched and decoded at once. */
  readonly atOnce: number
}

export type ResourceSet = { readonly rowId: number; readonly members: ResourceMembers }

/** The recordings of a set at a sample rate, Hz. */
export type ResourceLoader = (set: ResourceSet, sampleRate: number) => Promise<Resources>

/** Sets at a rate that are kept: a dataset mostly has one rate, and a queue seldom more than one augmentation. */
const KEPT_SETS = 2

/**
 * Loads the recordings that recipes mix in: once for the process, at the rate of the speech, in memory that all threads share.
 * What they take is bounded by what the API lets an augmentation name. The loader throws SerError RESOURCE_UNUSABLE (bad-input)
 * where a recording cannot be decoded, and what the storage throws.
 */
export function createResourceLoader(deps: ResourceDeps): ResourceLoader {
  const kept = new Map<string, Promise<Resources>>()
  return async ({ rowId, members }, sampleRate) => {
    const key = `${rowId} ${sampleRate}`
    const known = kept.get(key)
    // The one that was used last goes last, so that the oldest is the first.
    if (known !== undefined) kept.delete(key)
    const loading = known ?? load(members, sampleRate, deps)
    kept.set(key, loading)
    for (const oldest of [...kept.keys()].slice(0, -KEPT_SETS)) kept.delete(oldest)
    try {
      return await loading
    } catch (error) {
      if (kept.get(key) === loading) kept.delete(key)
      throw error
    }
  }
}

async function load(members: ResourceMembers, sampleRate: number, deps: ResourceDeps): Promise<Resources> {
  const groups = Object.entries(members)
  const loaded: (readonly [string, NamedRecording[]])[] = []
  for (const [group, recordings] of groups) {
    const ofGroup = await mapLimited(recordings, deps.atOnce, (sha256) => loadOne(group, sha256, sampleRate, deps))
    loaded.push([group, ofGroup])
  }
  return Object.fromEntries(loaded)
}

async function loadOne(
  group: string,
  sha256: string,
  sampleRate: number,
  { storage, decode }: ResourceDeps,
): Promise<NamedRecording> {
  const bytes = await storage.get(audioKey(sha256))
  try {
    return { name: sha256, sampleRate, samples: share(await decode({ bytes, sampleRate })) }
  } catch (error) {
    if (!(error instanceof SerError) || error.kind !== 'bad-input') throw error
    throw new SerError(
      'RESOURCE_UNUSABLE',
      `the recording ${sha256} of "${group}" cannot be mixed in: ${error.message}`,
      {
        kind: 'bad-input',
        ids: { clip: sha256 },
        cause: error,
      },
    )
  }
}

/** Copies samples into memory that goes to threads without being copied again. */
function share(samples: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(samples.byteLength))
  shared.set(samples)
  return shared
}
