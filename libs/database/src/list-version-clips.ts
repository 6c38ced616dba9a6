import type { Side, VersionClip } from '@ser/contracts'
import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import { paginate, type Page, type PageRequest } from './paginate.ts'
import { readCursor, writeCursor } from './read-cursor.ts'

/** The clips that a run was made from, by their hashes, a page at a time: keyset, so that a late page costs what the first one does. */
export async function listVersionClips(
  db: Queryable,
  filter: { readonly runId: string; readonly side?: Side | undefined },
  page: PageRequest,
): Promise<Page<VersionClip>> {
  const [after] = page.cursor === undefined ? [''] : readCursor(page.cursor, ['string'])
  const { rows } = await db.query<VersionClip>(
    `select encode(c.sha256, 'hex') as sha256, c.side, coalesce(r.evaluation -> 'labels' ->> c.label, c.label::text) as label,
       (select encode(v.root, 'hex') from clip_roots v where v.sha256 = c.sha256 limit 1) as recording
     from run_clips c join runs r on r.id = c.run_id
     where c.run_id = $1 and c.sha256 > $2::bytea and ($3::text is null or c.side = $3)
     order by c.sha256 limit $4`,
    [filter.runId, toBytes(String(after)), filter.side ?? null, page.limit + 1],
  )
  return paginate(rows, page.limit, { item: (row) => row, cursor: ({ sha256 }) => writeCursor([sha256]) })
}
