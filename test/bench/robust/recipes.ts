import { expandRecipe, runSpecSchema, type RunSpec, type RunSpecInput } from '@ser/contracts'
import type { Variant } from './vary-recording.ts'

export type BenchRecipe = {
  readonly name: string
  readonly spec: RunSpec
  /** How many noisy variants of every recording are trained on beside it. */
  readonly variants: number
  /** Whether everything is trained on a second time as a recording of which no other of the speaker is known. */
  readonly alsoAlone?: boolean
}

type SpecInput = Omit<RunSpecInput, 'datasets'>

export function benchRecipe(name: string, spec: SpecInput, variants: number): BenchRecipe {
  return { name, variants, spec: runSpecSchema.parse({ ...spec, datasets: ['tess'] }) }
}

/** The variants that a recipe is trained on, beside every recording itself. */
export function trainingVariants({ variants }: BenchRecipe): Variant[] {
  return Array.from({ length: variants }, (_, index): Variant => `train-${index + 1}`)
}

/** As many as docs/training.md asks for. */
export const ROBUST_VARIANTS = 1

/** The recipes that come with the product, to the letter. */
export const RECIPES: readonly BenchRecipe[] = [
  benchRecipe('paper', expandRecipe('paper', {}), 0),
  benchRecipe('robust', expandRecipe('robust', {}), ROBUST_VARIANTS),
]
