import type { Database } from './create-database.ts'
import { mapDatabaseError } from './map-database-error.ts'

/**
 * Runs `work` while no other process of this database holds the lock of this name; the lock goes with its connection, so
 * that a killed process leaves none behind.
 *
 * @returns what `work` returns; undefined, without having run it, when the lock is taken
 */
export async function withAdvisoryLock<T>(db: Database, name: string, work: () => Promise<T>): Promise<T | undefined> {
  return db.withConnection(async (client) => {
    const { rows } = await client
      .query<{ taken: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as taken', [name])
      .catch((error: unknown) => {
        throw mapDatabaseError(error)
      })
    if (!rows[0].taken) return undefined
    try {
      return await work()
    } finally {
      // If this fails, so is the connection lost, and the lock with it.
      await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name])
    }
  })
}
