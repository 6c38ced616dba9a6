import type { Queryable } from './create-database.ts'

/** The ids of augmentations that still owe variants, in their order, a page at a time; for `reconcile`. */
export async function listUnfinishedAugmentations(
  db: Queryable,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from augmentations where status <> 'completed' and ($1::uuid is null or id > $1) order by id limit $2`,
    [after ?? null, limit],
  )
  return rows.map(({ id }) => id)
}
