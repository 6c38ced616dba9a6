import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/** Of these recordings, those whose clip is stored, and so their object too. */
export async function findStoredClips(db: Queryable, clips: readonly string[]): Promise<Set<string>> {
  if (clips.length === 0) return new Set()
  const { rows } = await db.query<{ sha256: Buffer }>(
    `select wanted.sha256 from unnest($1::bytea[]) as wanted (sha256)
     cross join lateral (select true from clips where clips.sha256 = wanted.sha256 limit 1) as clip`,
    [[...new Set(clips)].map(toBytes)],
  )
  return new Set(rows.map(({ sha256 }) => toHex(sha256)))
}
