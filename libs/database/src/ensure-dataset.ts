import type { Queryable } from './create-database.ts'

/** The id of the dataset of this name, which is made when it is not there. */
export async function ensureDataset(db: Queryable, name: string): Promise<number> {
  // Looked up first: an insert that finds the name taken would still use up an id.
  const select = 'select id from datasets where name = $1'
  const found = await db.query<{ id: number }>(select, [name])
  if (found.rowCount > 0) return found.rows[0].id
  const inserted = await db.query<{ id: number }>(
    'insert into datasets (name) values ($1) on conflict (name) do nothing returning id',
    [name],
  )
  // Another process was faster.
  const { rows } = inserted.rowCount > 0 ? inserted : await db.query<{ id: number }>(select, [name])
  return rows[0].id
}
