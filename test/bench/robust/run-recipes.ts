import { EMOTIONS, listNetworks, type FeatureSpec } from '@ser/contracts'
import { confusionMatrix, mostProbable } from '@ser/metrics'
import type { Tensorflow } from '@ser/model'
import { groupBy } from './group-by.ts'
import { extractVectors, type Need } from './extract-vectors.ts'
import { planFits, type Corpora, type Fit, type Task, type TestSet } from './plan-fits.ts'
import type { Backgrounds } from './read-noises.ts'
import type { Recording } from './read-recordings.ts'
import type { BenchRecipe } from './recipes.ts'
import { appendResults, readResults, recipeKey, type Result } from './results-file.ts'
import { trainRecipe, type Row } from './train-recipe.ts'
import { openVectorCache, type KeptVector, type VectorCache } from './vector-cache.ts'
import type { Variant } from './vary-recording.ts'

export type RunOptions = {
  readonly tf: Tensorflow
  readonly corpora: Corpora
  readonly backgrounds: Backgrounds
  readonly cacheFolder: string
  readonly resultsFile: string
  readonly threads: number
  readonly say: (line: string) => void
}

/** Voices of its own speaker that the babble of a recording's variants is made of, for RAVDESS. */
const SIBLINGS = 12

/** Trains and tests what no line of the results file tells of yet; gives all results of these recipes, seeds and tasks. */
export async function runRecipes(
  recipes: readonly BenchRecipe[],
  seeds: readonly number[],
  tasks: readonly Task[],
  options: RunOptions,
): Promise<Result[]> {
  const { corpora, resultsFile, say } = options
  const known = await readResults(resultsFile)
  const wanted: Result[] = []
  for (const recipe of recipes) {
    const key = recipeKey(recipe)
    for (const seed of seeds) {
      for (const planned of planFits(corpora, seed, tasks)) {
        const fit = { ...planned, tests: planned.tests.filter((test) => isOfUse(test, recipe)) }
        const done = known.filter((result) => result.key === key && result.fit === fit.name && result.seed === seed)
        const found = fit.tests.map((test) => done.find((result) => isOf(result, test)))
        const results = found.every((each) => each !== undefined) ? found : await runFit(recipe, fit, seed, options)
        if (results !== found) await appendResults(resultsFile, results)
        for (const result of results) wanted.push({ ...result, recipe: recipe.name })
        if (results !== found) say(`${recipe.name}, seed ${seed}, ${fit.name}: ${results[0]?.seconds.toFixed(0)} s`)
      }
    }
  }
  return wanted
}

async function runFit(recipe: BenchRecipe, fit: Fit, seed: number, options: RunOptions): Promise<Result[]> {
  const copies = Array.from({ length: recipe.variants }, (_, index): Variant => `train-${index + 1}`)
  const vectors = await openVectors(recipe, needsOf(fit, copies), options)
  const started = performance.now()
  const train = trainingRows(recipe, fit, copies, vectors)
  const tests = fit.tests.map(({ recordings, variant, known }) => ({
    rows: recordings.map((recording) => rowOf(recording, variant, vectors)),
    known,
  }))
  const probabilities = await trainRecipe(options.tf, { ...recipe.spec, seed }, { train, tests })
  const seconds = (performance.now() - started) / 1000
  return fit.tests.map(({ recordings, ...test }, index) => ({
    key: recipeKey(recipe),
    recipe: recipe.name,
    fit: fit.name,
    seed,
    ...test,
    confusion: confusionMatrix(
      recordings.map(({ emotion }) => emotion),
      mostProbable(probabilities[index], EMOTIONS.length),
      EMOTIONS.length,
    ),
    trained: train.length,
    seconds,
  }))
}

type Vectors = (spec: FeatureSpec, variant: Variant, sha256: string) => KeptVector

/** Makes the vectors of every kind of features that one of the recipe's networks sees. */
async function openVectors({ spec }: BenchRecipe, needs: readonly Need[], options: RunOptions): Promise<Vectors> {
  const { backgrounds, threads, say, cacheFolder, corpora } = options
  const caches = new Map<string, VectorCache>()
  for (const { featureSet } of listNetworks(spec)) {
    const name = JSON.stringify(featureSet)
    if (caches.has(name)) continue
    const cache = openVectorCache(cacheFolder, featureSet, backgrounds)
    caches.set(name, cache)
    const onProgress = (done: number, all: number) => {
      if (done % 200 === 0 || done === all) say(`  vectors of ${done} of ${all} recordings`)
    }
    const siblingsOf = findSiblings(corpora.ravdess)
    await extractVectors(needs, { spec: featureSet, backgrounds, cache, threads, siblingsOf, onProgress })
  }
  return (featureSet, variant, sha256) => {
    const kept = caches.get(JSON.stringify(featureSet))?.get(variant, sha256)
    if (kept === undefined) throw new Error(`no vector of ${sha256}, ${variant}`)
    return kept
  }
}

/** Originals and variants; no variant in whose babble a speaker is heard who is tested. */
function trainingRows(
  { spec }: BenchRecipe,
  { train, tests }: Fit,
  copies: readonly Variant[],
  vectors: Vectors,
): Row[] {
  const [{ featureSet }] = listNetworks(spec)
  const trained = new Set(train.map(({ speaker }) => speaker))
  const tested = new Set(tests.flatMap(({ recordings }) => recordings.map(({ speaker }) => speaker)))
  const mayBeHeard = (speaker: string) => trained.has(speaker) || !tested.has(speaker)
  return (['clean', ...copies] as const).flatMap((variant) =>
    train
      .map((recording) => rowOf(recording, variant, vectors))
      .filter(({ heard }) => heard(featureSet).every(mayBeHeard)),
  )
}
type HeardRow = Row & { readonly heard: (spec: FeatureSpec) => readonly string[] }

/** Variants have other statistics than the originals of the same speaker. */
function rowOf({ sha256, emotion, dataset, speaker }: Recording, variant: Variant, vectors: Vectors): HeardRow {
  const voice = `${dataset} ${speaker} ${variant === 'clean' ? 'as recorded' : 'varied'}`
  const keptOf = (spec: FeatureSpec) => vectors(spec, variant, sha256)
  return {
    vectorOf: (spec) => keptOf(spec).vector,
    heard: (spec) => keptOf(spec).heard,
    emotion,
    dataset,
    voice,
  }
}

function needsOf({ train, tests }: Fit, copies: readonly Variant[]): Need[] {
  const needs = new Map<Recording, Set<Variant>>()
  const need = (recordings: readonly Recording[], variants: readonly Variant[]) => {
    for (const recording of recordings) {
      const known = needs.get(recording) ?? new Set()
      for (const variant of variants) known.add(variant)
      needs.set(recording, known)
    }
  }
  need(train, ['clean', ...copies])
  for (const { recordings, variant } of tests) need(recordings, [variant])
  return Array.from(needs, ([recording, variants]) => ({ recording, variants: [...variants] }))
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

/** How many recordings of a speaker are known matters where speakers are normalised only. */
function isOfUse({ known }: TestSet, { spec }: BenchRecipe): boolean {
  const networks = [spec, ...(spec.members ?? [])]
  return known === undefined || networks.some(({ normalisation }) => normalisation === 'speaker')
}

function isOf(result: Result, { task, name, variant, known }: TestSet): boolean {
  return result.task === task && result.name === name && result.variant === variant && result.known === known
}
