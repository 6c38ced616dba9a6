import type { Rejection } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { findDataset } from './find-dataset.ts'
import { paginate, type Page, type PageRequest } from './paginate.ts'
import { readCursor, writeCursor } from './read-cursor.ts'

/** Paths under which the same recording is listed. */
const MOST_PATHS = 1000
/** Of one augmentation. */
const MOST_FAILURES = 1_000_000

type RejectionRow = Omit<Rejection, 'at'> & { at: Date; dataset_id: number; set_id: number }

/** Files that were not taken in, and clips without variants or without a vector, with the reason; by dataset and path, a page at a time. */
export async function listRejections(
  db: Queryable,
  filter: { readonly dataset?: string | undefined },
  page: PageRequest,
): Promise<Page<Rejection>> {
  const after = page.cursor === undefined ? [0, '', 0] : readCursor(page.cursor, ['number', 'string', 'number'])
  // Of the cursor's own path those with a lower number than its own are through, and that of a file is 0.
  const beyond = Number(after[2]) >= 0 ? '>' : '>='
  // No dataset has the number 0.
  const dataset = filter.dataset === undefined ? null : ((await findDataset(db, filter.dataset)) ?? 0)
  // The numbers of feature sets and augmentations are at least 1: 0 stands for "at the door", and those below for augmentations.
  const { rows } = await db.query<RejectionRow>(
    // Failures lie under their clips: all of them are looked up by the clip's index, and of the files only a page is read.
    `select d.name as dataset, r.* from (
       (select dataset_id, path, 0 as set_id, 'ingest' as stage, code, message, encode(sha256, 'hex') as sha256, at
        from rejected_files
        where (dataset_id, path) ${beyond} ($1::integer, $2::text)
          and ($4::integer is null or dataset_id = $4)
        order by dataset_id, path limit $5)
       union all
       select dc.dataset_id, dc.path, f.feature_set_id, 'features', f.code, f.message, encode(f.sha256, 'hex'), f.at
       from feature_failures f
       cross join lateral (
         select path, dataset_id from dataset_clips where sha256 = f.sha256 limit ${MOST_PATHS}) as dc
       union all
       select a.dataset_id, dc.path, -a.number, 'augment', c.code, c.message, encode(c.sha256, 'hex'), c.at
       from augmentations a
       cross join lateral (
         select sha256, code, message, at from augmentation_clips
         where augmentation = a.number and code is not null order by sha256 limit ${MOST_FAILURES}) as c
       cross join lateral (
         select path from dataset_clips where dataset_id = a.dataset_id and sha256 = c.sha256 limit ${MOST_PATHS}) as dc
     ) r join datasets d on d.id = r.dataset_id
     where (r.dataset_id, r.path, r.set_id) > ($1::integer, $2::text, $3::integer)
       and ($4::integer is null or r.dataset_id = $4)
     order by r.dataset_id, r.path, r.set_id limit $5`,
    [...after, dataset, page.limit + 1],
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
