import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/** Of these recordings, those whose clip is stored, and so their object too. */
export async function findStoredClips(db: Queryable, clips: readonly string[]): Promise<Set<string>> {
  if (clips.length === 0) return new Set()
  const { rows } = await db.query<{ sha256: Buffer }>('select sha256 from clips where sha256 = any($1::bytea[])', [
    [...new Set(clips)].map(toBytes),
  ])
  return new Set(rows.map(({ sha256 }) => toHex(sha256)))
}
