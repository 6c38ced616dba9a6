import type { Rejection } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { paginate, type Page, type PageRequest } from './paginate.ts'
import { readCursor, writeCursor } from './read-cursor.ts'

type RejectionRow = Omit<Rejection, 'at'> & { at: Date; dataset_id: number; set_id: number }

/** Files that were not taken in, and clips without variants or without a vector, with the reason; by dataset and path, a page at a time. */
export async function listRejections(
  db: Queryable,
  filter: { readonly dataset?: string | undefined },
  page: PageRequest,
): Promise<Page<Rejection>> {
  const after = page.cursor === undefined ? [0, '', 0] : readCursor(page.cursor, ['number', 'string', 'number'])
  // The numbers of feature sets and augmentations are at least 1: 0 stands for "at the door", and those below for augmentations.
  const { rows } = await db.query<RejectionRow>(
    `select d.name as dataset, r.* from (
       select dataset_id, path, 0 as set_id, 'ingest' as stage, code, message, encode(sha256, 'hex') as sha256, at
       from rejected_files
       union all
       select dc.dataset_id, dc.path, f.feature_set_id, 'features', f.code, f.message, encode(f.sha256, 'hex'), f.at
       from feature_failures f join dataset_clips dc using (sha256)
       union all
       select dc.dataset_id, dc.path, -a.number, 'augment', c.code, c.message, encode(c.sha256, 'hex'), c.at
       from augmentation_clips c join augmentations a on a.number = c.augmentation
       join dataset_clips dc on dc.dataset_id = a.dataset_id and dc.sha256 = c.sha256
       where c.code is not null
     ) r join datasets d on d.id = r.dataset_id
     where (r.dataset_id, r.path, r.set_id) > ($1::integer, $2::text, $3::integer)
       and ($4::text is null or r.dataset_id = (select id from datasets where name = $4))
     order by r.dataset_id, r.path, r.set_id limit $5`,
    [...after, filter.dataset ?? null, page.limit + 1],
  )
  return paginate(rows, page.limit, {
    item: toRejection,
    cursor: (row) => writeCursor([row.dataset_id, row.path, row.set_id]),
  })
}

function toRejection(row: RejectionRow): Rejection {
  const { dataset_id: _, set_id: __, at, ...rest } = row
  return { ...rest, at: at.toISOString() }
}
