import { SerError } from '@ser/contracts'
import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'

export type RecipeRow = {
  /** SHA-256 of what decides its results. */
  readonly hash: string
  readonly name: string
  readonly version: number
  /** The version of the code of the transforms. */
  readonly transforms: string
  readonly spec: object
}

/**
 * The row id of a recipe, which is stored when it is not there.
 *
 * @throws SerError RECIPE_CHANGED (conflict) when this version of its name is stored with other steps
 */
export async function ensureRecipe(db: Queryable, recipe: RecipeRow): Promise<number> {
  const { hash, name, version, transforms, spec } = recipe
  const select = 'select id from recipes where hash = $1'
  const found = await db.query<{ id: number }>(select, [toBytes(hash)])
  if (found.rowCount > 0) return found.rows[0].id
  const inserted = await db.query<{ id: number }>(
    `insert into recipes (hash, name, version, transforms, spec) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning id`,
    [toBytes(hash), name, version, transforms, JSON.stringify(spec)],
  )
  const { rows } = inserted.rowCount > 0 ? inserted : await db.query<{ id: number }>(select, [toBytes(hash)])
  if (rows.length > 0) return rows[0].id
  const message = `version ${version} of the recipe ${name} has been used with other steps: give this one another version`
  throw new SerError('RECIPE_CHANGED', message, { kind: 'conflict', ids: { recipe: name, version } })
}
