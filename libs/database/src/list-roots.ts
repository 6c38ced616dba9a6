import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/** Recordings with the original that each goes back to, over however many variants; an original is its own root. In the order asked for. */
export async function listRoots(
  db: Queryable,
  recordings: readonly string[],
): Promise<{ readonly sha256: string; readonly root: string }[]> {
  const { rows } = await db.query<{ sha256: Buffer; root: Buffer }>(
    `select wanted.sha256, coalesce(origin.root, wanted.sha256) as root
     from unnest($1::bytea[]) with ordinality as wanted (sha256, place)
     left join lateral (select root from clip_roots where sha256 = wanted.sha256 limit 1) as origin on true
     order by wanted.place`,
    [recordings.map(toBytes)],
  )
  return rows.map(({ sha256, root }) => ({ sha256: toHex(sha256), root: toHex(root) }))
}
