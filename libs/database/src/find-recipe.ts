import type { Queryable } from './create-database.ts'

/** The newest version of a recipe that has been used with this version of the transforms, as it was stored. */
export async function findRecipe(db: Queryable, name: string, transforms: string): Promise<unknown> {
  const { rows } = await db.query<{ spec: unknown }>(
    'select spec from recipes where name = $1 and transforms = $2 order by version desc limit 1',
    [name, transforms],
  )
  return rows[0]?.spec
}
