import type { Queryable } from './create-database.ts'
import type { ResourceMembers } from './ensure-resource-set.ts'

/** What a run makes variants with while it trains. */
export type RunVariants = {
  readonly recipe: { readonly spec: unknown; readonly transforms: string }
  readonly members: ResourceMembers
}

/** As it was fixed when the run was asked for; nothing when it makes none. */
export async function findRunVariants(db: Queryable, runId: string): Promise<RunVariants | undefined> {
  const { rows } = await db.query<{ spec: unknown; transforms: string; members: ResourceMembers }>(
    `select p.spec, p.transforms, s.members
     from runs r join recipes p on p.id = r.recipe_id join resource_sets s on s.id = r.resource_set_id where r.id = $1`,
    [runId],
  )
  return rows.map(({ members, ...recipe }) => ({ recipe, members }))[0]
}
