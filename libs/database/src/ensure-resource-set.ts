import { contentHash } from '@ser/contracts'
import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/** Recordings that a recipe mixes in: the SHA-256 of each, by group. */
export type ResourceMembers = Readonly<Record<string, readonly string[]>>

/** The row id of a set of recordings, which is stored when it is not there. Their order makes no difference. */
export async function ensureResourceSet(db: Queryable, members: ResourceMembers): Promise<number> {
  const sorted = Object.fromEntries(
    Object.entries(members).map(([group, clips]) => [group, [...new Set(clips)].sort()]),
  )
  const hash = toBytes(contentHash(sorted))
  const select = 'select id from resource_sets where hash = $1'
  const found = await db.query<{ id: number }>(select, [hash])
  if (found.rowCount > 0) return found.rows[0].id
  const inserted = await db.query<{ id: number }>(
    'insert into resource_sets (hash, members) values ($1, $2) on conflict do nothing returning id',
    [hash, JSON.stringify(sorted)],
  )
  const { rows } = inserted.rowCount > 0 ? inserted : await db.query<{ id: number }>(select, [hash])
  return rows[0].id
}
