import type { Queryable } from './create-database.ts'

export type RecipeChoice = {
  readonly name: string
  /** Absent: the newest. */
  readonly version?: number | undefined
  /** The version of the code of the transforms. */
  readonly transforms: string
}

/** A recipe that has been used with this version of the transforms, as it was stored. */
export async function findRecipe(db: Queryable, { name, version, transforms }: RecipeChoice): Promise<unknown> {
  const { rows } = await db.query<{ spec: unknown }>(
    `select spec from recipes where name = $1 and transforms = $2 and version = coalesce($3, version)
     order by version desc limit 1`,
    [name, transforms, version ?? null],
  )
  return rows[0]?.spec
}
