import { drawStep } from './draw-step.ts'
import { AugmentationError, requireSampleRate } from './errors.ts'
import { peak, scaled } from './levels.ts'
import { createRandom, type Seed, type SeededRandom } from './random.ts'
import type { Recipe, TransformName, TransformStep } from './recipe-schema.ts'
import { hasRecordings, type Resources } from './resources.ts'

export type ApplyRecipeOptions = {
  readonly sampleRate: number
  readonly recipe: Recipe
  readonly seed: Seed
  /** Recordings by group; fastest at `sampleRate`, else each is resampled whenever it is drawn. */
  readonly resources?: Resources | undefined
}

/** A transform that was applied, with the parameters that were drawn for it. */
export type AppliedTransform = {
  /** Which step of the recipe it was, from 0. */
  readonly step: number
  readonly transform: TransformName
  readonly parameters: Readonly<Record<string, unknown>>
}

export type Augmented = {
  readonly samples: Float32Array
  readonly applied: readonly AppliedTransform[]
  /** By how much the result was turned down so that it does not pass 1; 0 or below. */
  readonly outputGainDb: number
}

/**
 * Makes a variant of a recording. The same samples, recipe, seed and resources give the same result: each step draws from its own stream,
 * decided by the seed and its place in the recipe.
 * @param samples mono; not changed.
 * @throws AugmentationError `samples-not-finite`, `resource-missing`, or what a transform says of its parameters.
 */
export function applyRecipe(samples: Float32Array, options: ApplyRecipeOptions): Augmented {
  const { sampleRate, recipe, seed, resources = {} } = options
  requireSampleRate(sampleRate)
  if (!samples.every(Number.isFinite)) {
    throw new AugmentationError('samples-not-finite', 'the recording has samples that are not finite numbers')
  }
  const random = createRandom(seed)
  const applied: AppliedTransform[] = []
  let signal: Float32Array = samples.slice()
  for (const [index, step] of recipe.steps.entries()) {
    const stream = random.fork(index)
    const chosen = chooseTransform(step, { recipe, resources, random: stream })
    if (chosen === undefined) continue
    const drawn = drawStep(chosen.transform, chosen.params, { random: stream, resources })
    signal = drawn.apply(signal, sampleRate, stream.fork(0))
    applied.push({ step: index, transform: chosen.transform, parameters: drawn.parameters })
  }
  const largest = peak(signal)
  if (recipe.overflow === 'keep' || largest <= 1) return { samples: signal, applied, outputGainDb: 0 }
  return { samples: scaled(signal, 1 / largest), applied, outputGainDb: -20 * Math.log10(largest) }
}

type Choosing = { readonly recipe: Recipe; readonly resources: Resources; readonly random: SeededRandom }

/** The transform that a step comes to this time; undefined where chance, or missing resources, leave it out. */
function chooseTransform(
  step: Recipe['steps'][number],
  { recipe, resources, random }: Choosing,
): TransformStep | undefined {
  const possible = (candidate: TransformStep) =>
    recipe.missingResources === 'fail' ||
    groupOf(candidate) === undefined ||
    hasRecordings(resources, groupOf(candidate)!)
  if (random.uniform() >= step.p) return undefined
  if (!('oneOf' in step)) return possible(step) ? step : undefined
  const candidates = step.oneOf.filter(possible)
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0)
  let left = random.uniform(0, total)
  const chosen = candidates.find(({ weight }) => (left -= weight) < 0) ?? candidates.at(-1)
  return chosen !== undefined && random.uniform() < chosen.p ? chosen : undefined
}

function groupOf(step: TransformStep): string | undefined {
  return 'from' in step.params ? step.params.from : undefined
}

/** The groups of recordings that a recipe uses, in alphabetical order. */
export function resourceGroups(recipe: Recipe): string[] {
  const steps = recipe.steps.flatMap((step) => ('oneOf' in step ? step.oneOf : [step]))
  return [...new Set(steps.map(groupOf))].filter((group) => group !== undefined).sort()
}
