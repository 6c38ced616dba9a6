import type { Dataset } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

type DatasetRow = { name: string; clips: number; rejected: number; created_at: Date }

/** Every dataset by name, with its number of paths and of files that were not taken in. */
export async function listDatasets(db: Queryable): Promise<Dataset[]> {
  const { rows } = await db.query<DatasetRow>(`
    select d.name, d.created_at,
           (select count(*) from dataset_clips c where c.dataset_id = d.id) as clips,
           (select count(*) from rejected_files r where r.dataset_id = d.id) as rejected
    from datasets d
    order by d.name`)
  return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at.toISOString() }))
}
