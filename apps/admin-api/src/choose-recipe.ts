import { createHash } from 'node:crypto'
import {
  AUGMENTATION_VERSION,
  EVERYDAY,
  PAPER_NOISE,
  ROBUST_NOISE,
  recipeIdentity,
  recipeSchema,
  type Recipe,
} from '@ser/augmentation'
import { SerError } from '@ser/contracts'
import { findRecipe, type Queryable } from '@ser/database'

const BUILT_IN = [EVERYDAY, PAPER_NOISE, ROBUST_NOISE]

/** SHA-256 of what decides a recipe's results. */
export function recipeHash(recipe: Recipe): string {
  return createHash('sha256').update(recipeIdentity(recipe)).digest('hex')
}

/**
 * The recipe that a request means: one that comes with the product, else the newest version of one that was used before,
 * by its name; or the one that it brings.
 *
 * @throws SerError RECIPE_NOT_FOUND (gone), RECIPE_NAME_TAKEN (conflict)
 */
export async function chooseRecipe(db: Queryable, asked: string | Recipe): Promise<Recipe> {
  const name = typeof asked === 'string' ? asked : asked.name
  const builtIn = BUILT_IN.find((recipe) => recipe.name === name)
  if (typeof asked !== 'string') {
    if (builtIn === undefined || recipeHash(builtIn) === recipeHash(asked)) return asked
    const message = `${name} is the name of a recipe that comes with the product: give yours another name`
    throw new SerError('RECIPE_NAME_TAKEN', message, { kind: 'conflict', ids: { recipe: name } })
  }
  if (builtIn !== undefined) return builtIn
  const stored = await findRecipe(db, name, AUGMENTATION_VERSION)
  if (stored !== undefined) return recipeSchema.parse(stored)
  const known = BUILT_IN.map((recipe) => recipe.name).join(', ')
  const message = `no recipe is named ${name}: choose one of ${known}, or give the recipe itself`
  throw new SerError('RECIPE_NOT_FOUND', message, { kind: 'gone', ids: { recipe: name } })
}
