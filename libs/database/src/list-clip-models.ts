import { SerError, type ClipModel } from '@ser/contracts'
import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import { paginate, type Page, type PageRequest } from './paginate.ts'
import { readCursor, writeCursor } from './read-cursor.ts'

/** More copies than one clip can have, and more runs than a server sees. */
const MOST = 1_000_000

type ClipModelRow = Omit<ClipModel, 'createdAt'> & { created_at: Date; at: string }

/**
 * The model versions that were trained or tested on a clip, or on what was made from it, however many times over; newest first.
 *
 * @throws SerError CLIP_NOT_FOUND (gone).
 */
export async function listClipModels(db: Queryable, sha256: string, page: PageRequest): Promise<Page<ClipModel>> {
  const { rowCount } = await db.query('select 1 from clips where sha256 = $1', [toBytes(sha256)])
  if (rowCount === 0) {
    throw new SerError('CLIP_NOT_FOUND', `there is no clip ${sha256}`, { kind: 'gone', ids: { clip: sha256 } })
  }
  const types = ['string', 'string', 'number', 'string'] as const
  const after = page.cursor === undefined ? [null, null, null, null] : readCursor(page.cursor, types)
  // `union` drops what is there already, so that a copy that came out as its own parent ends the walk. Lateral with limits that no clip
  // comes to, because Postgres takes a family to be thousands and would read all variants and all clips of runs for it.
  const { rows } = await db.query<ClipModelRow>(
    `with recursive family (sha256) as (
       select $1::bytea
       union
       select v.sha256 from family f cross join lateral (
         select sha256 from clip_variants where parent = f.sha256 limit ${MOST}) as v),
     used as (
       select c.run_id, c.side, bool_or(c.sha256 = $1) as itself, count(*) filter (where c.sha256 <> $1) as variants
       from family f cross join lateral (
         select sha256, run_id, side from run_clips where sha256 = f.sha256 limit ${MOST}) as c
       group by c.run_id, c.side)
     select m.model, m.version, m.run_id as "runId", u.side, u.itself, u.variants, m.created_at, m.created_at::text as at
     from used u cross join lateral (
       select model, version, run_id, created_at from model_versions where run_id = u.run_id limit 1) as m
     where $2::timestamptz is null or m.created_at < $2
       or (m.created_at = $2 and (m.model, m.version, u.side) > ($3::text, $4::integer, $5::text))
     order by m.created_at desc, m.model, m.version, u.side limit $6`,
    [toBytes(sha256), ...after, page.limit + 1],
  )
  return paginate(rows, page.limit, {
    item: toClipModel,
    cursor: ({ at, model, version, side }) => writeCursor([at, model, version, side]),
  })
}

function toClipModel({
  model,
  version,
  runId,
  side,
  itself,
  variants,
  created_at: createdAt,
}: ClipModelRow): ClipModel {
  return { model, version, runId, side, itself, variants, createdAt: createdAt.toISOString() }
}
