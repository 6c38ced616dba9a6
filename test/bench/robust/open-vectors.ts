import { listNetworks, type FeatureSpec } from '@ser/contracts'
import { extractVectors, type Need } from './extract-vectors.ts'
import { groupBy } from './group-by.ts'
import type { Corpora, Fit } from './plan-fits.ts'
import type { Backgrounds } from './read-noises.ts'
import type { Recording } from './read-recordings.ts'
import { trainingVariants, type BenchRecipe } from './recipes.ts'
import { openVectorCache, type KeptVector, type VectorCache } from './vector-cache.ts'
import type { Variant } from './vary-recording.ts'

export type Vectors = (spec: FeatureSpec, variant: Variant, sha256: string) => KeptVector
export type VectorOptions = {
  readonly corpora: Corpora
  readonly backgrounds: Backgrounds
  readonly cacheFolder: string
  readonly threads: number
  readonly say: (line: string) => void
}
/** What a recipe is to be trained and tested on. */
export type Work = { readonly recipe: BenchRecipe; readonly fit: Fit }

/** Voices of its own speaker that the babble of a recording's variants is made of, for RAVDESS. */
const SIBLINGS = 12

/** Makes the vectors that are wanted and that no earlier run made, by every kind of features that one of the networks sees. */
export async function openVectors(works: readonly Work[], options: VectorOptions): Promise<Vectors> {
  const { backgrounds, threads, say, cacheFolder, corpora } = options
  const caches = new Map<string, VectorCache>()
  const seen = works.flatMap((work) =>
    listNetworks(work.recipe.spec).map(({ featureSet }) => ({ work, featureSet, name: JSON.stringify(featureSet) })),
  )
  for (const [name, of] of groupBy(seen, (each) => each.name)) {
    const [{ featureSet: spec }] = of
    const cache = openVectorCache(cacheFolder, spec, backgrounds)
    caches.set(name, cache)
    const onProgress = (done: number, all: number) => {
      if (done % 200 === 0 || done === all) say(`  vectors of ${done} of ${all} recordings`)
    }
    const needs = needsOf(new Set(of.map(({ work }) => work)))
    await extractVectors(needs, {
      spec,
      backgrounds,
      cache,
      threads,
      siblingsOf: findSiblings(corpora.ravdess),
      onProgress,
    })
  }
  return (featureSet, variant, sha256) => {
    const kept = caches.get(JSON.stringify(featureSet))?.get(variant, sha256)
    if (kept === undefined) throw new Error(`no vector of ${sha256}, ${variant}`)
    return kept
  }
}

function needsOf(works: Iterable<Work>): Need[] {
  const needs = new Map<string, { recording: Recording; variants: Set<Variant> }>()
  const need = (recordings: readonly Recording[], variants: readonly Variant[]) => {
    for (const recording of recordings) {
      const known = needs.get(recording.sha256) ?? { recording, variants: new Set() }
      for (const variant of variants) known.variants.add(variant)
      needs.set(recording.sha256, known)
    }
  }
  for (const { recipe, fit } of works) {
    need(fit.train, ['clean', ...trainingVariants(recipe)])
    for (const { recordings, variant } of fit.tests) need(recordings, [variant])
  }
  return Array.from(needs.values(), ({ recording, variants }) => ({ recording, variants: [...variants] }))
}

function findSiblings(ravdess: readonly Recording[]): (recording: Recording) => string[] {
  const bySpeaker = groupBy(ravdess, ({ speaker }) => speaker)
  return ({ speaker, path, dataset }) =>
    dataset === 'ravdess'
      ? (bySpeaker.get(speaker) ?? [])
          .map((sibling) => sibling.path)
          .filter((sibling) => sibling !== path)
          .slice(0, SIBLINGS)
      : []
}
