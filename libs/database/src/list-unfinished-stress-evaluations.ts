import type { Queryable } from './create-database.ts'

/** The ids of stress evaluations that are not finished, in their order, a page at a time; for `reconcile`. */
export async function listUnfinishedStressEvaluations(
  db: Queryable,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from stress_evaluations
     where status in ('queued', 'running') and ($1::uuid is null or id > $1) order by id limit $2`,
    [after ?? null, limit],
  )
  return rows.map(({ id }) => id)
}
