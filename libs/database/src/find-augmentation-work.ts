import type { FeatureSpec } from '@ser/contracts'
import { augmentRequestSchema } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import type { ResourceMembers } from './ensure-resource-set.ts'

/** An augmentation as those need it who make its variants. */
export type AugmentationWork = {
  readonly id: string
  /** Its short number, for other rows. */
  readonly number: number
  readonly copies: number
  readonly seed: number
  readonly recipe: { readonly rowId: number; readonly spec: unknown; readonly transforms: string }
  readonly resourceSet: { readonly rowId: number; readonly members: ResourceMembers }
  readonly featureSpec: FeatureSpec
}

type Row = {
  number: number
  copies: number
  seed: number
  request: unknown
  recipe_id: number
  spec: unknown
  transforms: string
  resource_set_id: number
  members: ResourceMembers
}

/** The augmentation of this id with its recipe and resources, or nothing when there is none. */
export async function findAugmentationWork(db: Queryable, id: string): Promise<AugmentationWork | undefined> {
  const { rows } = await db.query<Row>(
    `select a.number, a.copies, a.seed, a.request, a.recipe_id, r.spec, r.transforms, a.resource_set_id, s.members
     from augmentations a join recipes r on r.id = a.recipe_id join resource_sets s on s.id = a.resource_set_id
     where a.id = $1`,
    [id],
  )
  const row = rows[0]
  if (row === undefined) return undefined
  return {
    id,
    number: row.number,
    copies: row.copies,
    seed: row.seed,
    recipe: { rowId: row.recipe_id, spec: row.spec, transforms: row.transforms },
    resourceSet: { rowId: row.resource_set_id, members: row.members },
    featureSpec: augmentRequestSchema.parse(row.request).featureSet,
  }
}
