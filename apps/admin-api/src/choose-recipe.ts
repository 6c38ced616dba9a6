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
import { ensureRecipe, findRecipe, type Queryable } from '@ser/database'

const BUILT_IN = [EVERYDAY, PAPER_NOISE, ROBUST_NOISE]

/** SHA-256 of what decides a recipe's results. */
function recipeHash(recipe: Recipe): string {
  return createHash('sha256').update(recipeIdentity(recipe)).digest('hex')
}

/**
 * The recipe that a request means: one that comes with the product, else one that was used before, by its name, in the version that it
 * names or else the newest; or the one that it brings.
 *
 * @throws SerError RECIPE_NOT_FOUND (gone), RECIPE_NAME_TAKEN (conflict)
 */
export async function chooseRecipe(db: Queryable, asked: string | Recipe): Promise<Recipe> {
  const [name, asVersion] = typeof asked === 'string' ? asked.split('@') : [asked.name]
  const builtIn = BUILT_IN.find((recipe) => recipe.name === name)
  if (typeof asked !== 'string') {
    if (builtIn === undefined || recipeHash(builtIn) === recipeHash(asked)) return asked
    const message = `${name} is the name of a recipe that comes with the product: give yours another name`
    throw new SerError('RECIPE_NAME_TAKEN', message, { kind: 'conflict', ids: { recipe: name } })
  }
  const version = asVersion === undefined ? undefined : Number(asVersion)
  if (builtIn !== undefined && (version ?? builtIn.version) === builtIn.version) return builtIn
  const stored = await findRecipe(db, { name, version, transforms: AUGMENTATION_VERSION })
  if (stored !== undefined) return recipeSchema.parse(stored)
  const known = BUILT_IN.map((recipe) => recipe.name).join(', ')
  const message = `there is no recipe ${asked}: choose one of ${known}, or give the recipe itself`
  throw new SerError('RECIPE_NOT_FOUND', message, { kind: 'gone', ids: { recipe: asked } })
}

/**
 * The row id of a recipe, which is stored when it is not there.
 *
 * @throws SerError RECIPE_CHANGED (conflict)
 */
export function storeRecipe(db: Queryable, recipe: Recipe): Promise<number> {
  const { name, version } = recipe
  return ensureRecipe(db, {
    hash: recipeHash(recipe),
    name,
    version,
    transforms: AUGMENTATION_VERSION,
    spec: recipe,
  })
}
