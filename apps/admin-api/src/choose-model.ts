import type { ModelVersion } from '@ser/contracts'
import type { ModelReference, ResolvedModelVersion } from '@ser/database'
import { createCache } from './create-cache.ts'

export type ModelChooserOptions = {
  readonly resolve: (reference: ModelReference) => Promise<ResolvedModelVersion>
  /** Loads a version, so that it can answer at once. */
  readonly prepare: (version: ModelVersion) => Promise<void>
  /** How long the version before may go on answering while the next one is loaded. */
  readonly staleMs: number
  readonly onSwitch: (to: ModelVersion) => void
}

export type ModelChooser = {
  /** The version that is to answer now. */
  readonly choose: (reference: ModelReference) => Promise<ResolvedModelVersion>
  /** Looks again at what was asked for before, and loads what is new: ahead of the request that would need it. */
  readonly refresh: () => void
}

type InUse = {
  chosen: ResolvedModelVersion
  /** The number of the lookup that said so. */
  lookup: number
  /** Since when another version is meant. */
  changedAt?: number
  next?: { readonly chosen: ResolvedModelVersion; readonly ready: Promise<void> }
}

/**
 * Says which version answers. Asked of the database for each request, so that a promotion is seen by the next one; the new version is
 * then loaded while the one before goes on answering, for `staleMs` at most: after that, requests wait for the new one.
 */
export function createModelChooser({ resolve, prepare, staleMs, onSwitch }: ModelChooserOptions): ModelChooser {
  const uses = createCache<string, InUse & { readonly reference: ModelReference }>({ most: 64 })
  let lookups = 0

  function load(use: InUse, chosen: ResolvedModelVersion): Promise<void> {
    const next = { chosen, ready: prepareNext() }
    use.next = next
    // Whoever waits for it hears of its failure; the others are answered by the version before.
    next.ready.catch(() => undefined)
    return next.ready

    async function prepareNext(): Promise<void> {
      try {
        await prepare(chosen.modelVersion)
      } catch (error) {
        if (use.next === next) delete use.next
        throw error
      }
      // Another promotion may have come meanwhile.
      if (use.next !== next) return
      use.chosen = chosen
      delete use.next
      delete use.changedAt
      onSwitch(chosen.modelVersion)
    }
  }

  async function choose(reference: ModelReference): Promise<ResolvedModelVersion> {
    const lookup = (lookups += 1)
    const found = await resolve(reference)
    if (reference.version !== undefined) return found
    const key = `${reference.model ?? ''}\n${reference.alias ?? ''}`
    const use = uses.get(key)
    if (use === undefined) {
      uses.set(key, { chosen: found, lookup, reference })
      return found
    }
    // A lookup that began before the one that was last heard of may not have seen the promotion.
    if (lookup < use.lookup) return use.chosen
    use.lookup = lookup
    if (isSame(found, use.chosen)) {
      use.chosen = found
      delete use.next
      delete use.changedAt
      return found
    }
    use.changedAt ??= performance.now()
    const ready = use.next !== undefined && isSame(use.next.chosen, found) ? use.next.ready : load(use, found)
    if (performance.now() - use.changedAt < staleMs) return use.chosen
    await ready
    return found
  }

  return {
    choose,
    refresh() {
      for (const { reference } of uses.values()) choose(reference).catch(() => undefined)
    },
  }
}

function isSame(a: ResolvedModelVersion, b: ResolvedModelVersion): boolean {
  return a.modelVersion.model === b.modelVersion.model && a.modelVersion.version === b.modelVersion.version
}
