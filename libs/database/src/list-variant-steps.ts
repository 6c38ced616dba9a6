import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/** How a variant was made: the recipe's name, and the transforms that came down with the parameters that were drawn. */
export type VariantSteps = {
  readonly recipe: string
  readonly applied: readonly { readonly transform: string; readonly parameters: Readonly<Record<string, unknown>> }[]
}

const BATCH_CLIPS = 10_000

/** How those of these clips that are variants were made, by SHA-256; of several ways to the same bytes, one. */
export async function listVariantSteps(
  db: Queryable,
  clips: readonly string[],
): Promise<ReadonlyMap<string, VariantSteps>> {
  const found = new Map<string, VariantSteps>()
  for (let start = 0; start < clips.length; start += BATCH_CLIPS) {
    const { rows } = await db.query<VariantSteps & { sha256: Buffer }>(
      // Lateral, for a look-up of each clip: with `any`, all variants may be read.
      `select made.sha256, made.recipe, made.applied from unnest($1::bytea[]) as given (sha256) cross join lateral (
         select v.sha256, r.name as recipe, v.applied
         from clip_variants v join recipes r on r.id = v.recipe_id
         where v.sha256 = given.sha256 and v.parent <> v.sha256
         order by v.parent, v.recipe_id, v.resource_set_id, v.seed, v.copy limit 1) as made`,
      [clips.slice(start, start + BATCH_CLIPS).map(toBytes)],
    )
    for (const { sha256, recipe, applied } of rows) found.set(toHex(sha256), { recipe, applied })
  }
  return found
}
