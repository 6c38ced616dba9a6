import type { Dataset } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

type DatasetRow = { name: string; clips: number; rejected: number; created_at: Date }

/** Every dataset by name, with its number of paths and of files that were not taken in. */
export async function listDatasets(db: Queryable): Promise<Dataset[]> {
  const { rows } = await db.query<DatasetRow>(`
    select d.name, d.created_at, coalesce(kept.clips, 0) as clips, coalesce(kept.rejected, 0) as rejected
    from datasets d
    left join (
      select dataset_id, sum(clips)::bigint as clips, sum(rejected)::bigint as rejected from dataset_counts group by 1
    ) as kept on kept.dataset_id = d.id
    order by d.name`)
  return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at.toISOString() }))
}
