import type { Recipe } from './recipe-schema.ts'

/** Goes up whenever a transform gives other samples than before for the same parameters and seed. */
export const AUGMENTATION_VERSION = '1'

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

/**
 * What decides a recipe's results as text, to be hashed by the caller: the parsed recipe without its description, and the version of the
 * transforms; keys in order, no spaces. Recordings that are handed in decide too; a variant's identity should name them.
 */
export function recipeIdentity(recipe: Recipe): string {
  return canonical({ recipe: { ...recipe, description: undefined }, transforms: AUGMENTATION_VERSION })
}
