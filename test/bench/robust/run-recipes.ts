import { EMOTIONS, listNetworks, type FeatureSpec } from '@ser/contracts'
import { confusionMatrix, mostProbable } from '@ser/metrics'
import type { Tensorflow } from '@ser/model'
import { openNetworkCache } from './network-cache.ts'
import { openVectors, type VectorOptions, type Vectors, type Work } from './open-vectors.ts'
import type { Fit, TestSet } from './plan-fits.ts'
import type { Recording } from './read-recordings.ts'
import { trainingVariants, type BenchRecipe } from './recipes.ts'
import { appendResults, readResults, recipeKey, type Result } from './results-file.ts'
import { averageNetworks, tryNetwork, type Row } from './train-recipe.ts'
import { TRAINING_RECIPE, type Variant } from './vary-recording.ts'

export type RunOptions = VectorOptions & { readonly tf: Tensorflow; readonly resultsFile: string }

type SeedWork = Work & { readonly seed: number }

/** Trains and tests what no line of the results file tells of yet; gives all results of these recipes and seeds. */
export async function runRecipes(
  recipes: readonly BenchRecipe[],
  seeds: readonly number[],
  planOf: (seed: number) => readonly Fit[],
  options: RunOptions,
): Promise<Result[]> {
  const results: Result[] = []
  // A seed at a time: the first has its figures before anything is done for the others.
  for (const seed of seeds) {
    const works = recipes.flatMap((recipe) => planWorks(recipe, seed, planOf(seed)))
    results.push(...(await runWorks(works, options)))
  }
  return results
}

async function runWorks(works: readonly SeedWork[], options: RunOptions): Promise<Result[]> {
  const { resultsFile, say } = options
  const known = await readResults(resultsFile)
  const found = new Map(works.map((work) => [work, findResults(work, known)]))
  const missing = works.filter((work) => found.get(work) === undefined)
  const vectors = await openVectors(missing, options)
  for (const work of missing) {
    const results = await runWork(work, vectors, options)
    await appendResults(resultsFile, results)
    found.set(work, results)
    say(`${work.recipe.name}, seed ${work.seed}, ${work.fit.name}: ${results[0]?.seconds.toFixed(0)} s`)
  }
  return works.flatMap((work) => (found.get(work) ?? []).map((result) => ({ ...result, recipe: work.recipe.name })))
}

function planWorks(recipe: BenchRecipe, seed: number, fits: readonly Fit[]): SeedWork[] {
  return fits.map((fit) => ({
    recipe,
    seed,
    fit: { ...fit, tests: fit.tests.filter((test) => isOfUse(test, recipe)) },
  }))
}

/** Of all tests of a work, or nothing. */
function findResults({ recipe, seed, fit }: SeedWork, known: readonly Result[]): Result[] | undefined {
  const key = recipeKey(recipe)
  const done = known.filter((result) => result.key === key && result.fit === fit.name && result.seed === seed)
  const found = fit.tests.map((test) => done.find((result) => isOf(result, test)))
  return found.every((each) => each !== undefined) ? found : undefined
}

async function runWork(
  { recipe, fit, seed }: SeedWork,
  vectors: Vectors,
  { tf, cacheFolder }: RunOptions,
): Promise<Result[]> {
  const cache = openNetworkCache(cacheFolder)
  const started = performance.now()
  const train = trainingRows(recipe, fit, vectors)
  const tests = fit.tests.map(({ recordings, variant, known }) => ({
    rows: recordings.map((recording) => rowOf(recording, variant, vectors)),
    known,
  }))
  const networks = listNetworks({ ...recipe.spec, seed })
  const probabilities: Float32Array[][] = []
  for (const network of networks) {
    const tried = { network, recipe, fit }
    const known = await cache.get(tried)
    const made = known ?? (await tryNetwork(tf, network, { train, tests }))
    if (known === undefined) await cache.put(tried, made)
    probabilities.push(made)
  }
  const averaged = averageNetworks(networks, probabilities)
  const seconds = (performance.now() - started) / 1000
  return fit.tests.map(({ recordings, ...test }, index) => ({
    key: recipeKey(recipe),
    recipe: recipe.name,
    fit: fit.name,
    seed,
    ...test,
    confusion: confusionMatrix(
      recordings.map(({ emotion }) => emotion),
      mostProbable(averaged[index], EMOTIONS.length),
      EMOTIONS.length,
    ),
    trained: train.length,
    seconds,
  }))
}

/** Originals and variants; no variant in whose babble a speaker is heard who is tested. */
function trainingRows(recipe: BenchRecipe, { train, tests }: Fit, vectors: Vectors): Row[] {
  const [{ featureSet }] = listNetworks(recipe.spec)
  const trained = new Set(train.map(({ speaker }) => speaker))
  const tested = new Set(tests.flatMap(({ recordings }) => recordings.map(({ speaker }) => speaker)))
  const mayBeHeard = (speaker: string) => trained.has(speaker) || !tested.has(speaker)
  const rows = (['clean', ...trainingVariants(recipe)] as const).flatMap((variant) =>
    train
      .map((recording) => rowOf(recording, variant, vectors))
      .filter(({ heard }) => heard(featureSet).every(mayBeHeard)),
  )
  if (recipe.alsoAlone !== true) return rows
  return [...rows, ...rows.map((row, index) => ({ ...row, voice: `nobody known ${index}` }))]
}

type HeardRow = Row & { readonly heard: (spec: FeatureSpec) => readonly string[] }

/** As the product has them, variants are a dataset of their own, and not normalised together with the originals of their speaker. */
function rowOf({ sha256, emotion, dataset, speaker }: Recording, variant: Variant, vectors: Vectors): HeardRow {
  const of = variant === 'clean' ? dataset : `${dataset}-${TRAINING_RECIPE.name}`
  const keptOf = (spec: FeatureSpec) => vectors(spec, variant, sha256)
  return {
    vectorOf: (spec) => keptOf(spec).vector,
    heard: (spec) => keptOf(spec).heard,
    emotion,
    dataset: of,
    voice: `${of} ${speaker}`,
  }
}

/** How many recordings of a speaker are known matters where speakers are normalised only. */
function isOfUse({ known }: TestSet, { spec }: BenchRecipe): boolean {
  const networks = [spec, ...(spec.members ?? [])]
  return known === undefined || networks.some(({ normalisation }) => normalisation === 'speaker')
}

function isOf(result: Result, { task, name, variant, known, recordings }: TestSet): boolean {
  const tested = result.confusion.flat().reduce((sum, count) => sum + count, 0)
  const isSame = result.task === task && result.name === name && result.variant === variant && result.known === known
  return isSame && tested === recordings.length
}
