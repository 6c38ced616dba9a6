import type { Queryable } from './create-database.ts'

/** The id of the dataset of this name, or nothing when there is none. */
export async function findDataset(db: Queryable, name: string): Promise<number | undefined> {
  const { rows } = await db.query<{ id: number }>('select id from datasets where name = $1', [name])
  return rows[0]?.id
}
