import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import type { AugmentationWork } from './find-augmentation-work.ts'

/** The variants, each once, that an augmentation has of these clips. */
export async function findVariants(
  db: Queryable,
  work: AugmentationWork,
  parents: readonly string[],
): Promise<string[]> {
  const { rows } = await db.query<{ sha256: Buffer }>(
    `select distinct variant.sha256
     from unnest($1::bytea[]) as wanted (sha256)
     cross join lateral (
       select v.sha256 from clip_variants v
       where v.parent = wanted.sha256 and v.recipe_id = $2 and v.resource_set_id = $3 and v.seed = $4 and v.copy < $5
       order by v.copy limit $5
     ) as variant`,
    [[...new Set(parents)].map(toBytes), work.recipe.rowId, work.resourceSet.rowId, work.seed, work.copies],
  )
  return rows.map(({ sha256 }) => toHex(sha256))
}
