import type { Queryable } from './create-database.ts'

/** Says what computes a run: `tensorflow 4.22.0, 4 threads`. */
export async function setRunBackend(db: Queryable, id: string, backend: string): Promise<void> {
  await db.query('update runs set backend = $2 where id = $1', [id, backend])
}
