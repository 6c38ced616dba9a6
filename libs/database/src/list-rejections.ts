import type { Rejection } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { findDataset } from './find-dataset.ts'
import { paginate, type Page, type PageRequest } from './paginate.ts'
import { readCursor, writeCursor } from './read-cursor.ts'

/** Paths under which the same recording is listed. */
const MOST_PATHS = 1000

type Row = Omit<Rejection, 'at' | 'dataset'> & { readonly at: Date; readonly number: number; readonly dataset: number }

// Each list is read in the order of an index, from where the last page ended: $1 to $4 are its `number`, SHA-256, dataset and path,
// $5 the rows wanted, $6 the only dataset or null. What a page costs does not grow with the failures that there are; only those of
// other datasets, which lie among those of the one that is asked for, have to be passed.
const FILES = `
  select 0 as number, dataset_id as dataset, path, 'ingest' as stage, code, message, encode(sha256, 'hex') as sha256, at
  from rejected_files
  where (dataset_id, path) > ($3::integer, $4::text) and ($6::integer is null or dataset_id = $6)
    and $1::integer = 0 and $2::bytea = ''
  order by dataset_id, path limit $5`

const VECTORS = `
  select f.feature_set_id as number, dc.dataset_id as dataset, dc.path, 'features' as stage, f.code, f.message,
    encode(f.sha256, 'hex') as sha256, f.at
  from feature_failures f
  cross join lateral (
    select dataset_id, path from dataset_clips
    where sha256 = f.sha256 and ($6::integer is null or dataset_id = $6)
      and ((f.feature_set_id, f.sha256) > ($1::integer, $2::bytea) or (dataset_id, path) > ($3::integer, $4::text))
    order by dataset_id, path limit ${MOST_PATHS}) as dc
  where (f.feature_set_id, f.sha256) >= ($1::integer, $2::bytea)
  order by f.feature_set_id, f.sha256, dc.dataset_id, dc.path limit $5`

const VARIANTS = `
  select a.number, a.dataset_id as dataset, dc.path, 'augment' as stage, c.code, c.message, encode(c.sha256, 'hex') as sha256, c.at
  from augmentations a
  cross join lateral (
    select sha256, code, message, at from augmentation_clips
    where augmentation = a.number and code is not null and (a.number > $1::integer or sha256 >= $2::bytea)
    order by sha256 limit $5) as c
  cross join lateral (
    select path from dataset_clips
    where dataset_id = a.dataset_id and sha256 = c.sha256
      and (a.number > $1::integer or c.sha256 > $2::bytea or (a.dataset_id, path) > ($3::integer, $4::text))
    order by path limit ${MOST_PATHS}) as dc
  where a.number >= $1::integer and ($6::integer is null or a.dataset_id = $6)
  order by a.number, c.sha256, dc.path limit $5`

const LISTS = [FILES, VECTORS, VARIANTS]

/**
 * Files that were not taken in, by dataset and path; then clips without a vector, then those without variants, by their SHA-256s. Each
 * with its reason, a page at a time.
 */
export async function listRejections(
  db: Queryable,
  filter: { readonly dataset?: string | undefined },
  page: PageRequest,
): Promise<Page<Rejection>> {
  const [list, ...from] =
    page.cursor === undefined
      ? [0, 0, '', 0, '']
      : readCursor(page.cursor, ['number', 'number', 'string', 'number', 'string'])
  // No dataset has the number 0.
  const dataset = filter.dataset === undefined ? null : ((await findDataset(db, filter.dataset)) ?? 0)
  const rows: (Row & { list: number })[] = []
  for (const [at, text] of LISTS.entries()) {
    if (at < Number(list) || rows.length > page.limit) continue
    const [number, sha256, ofDataset, path] = at === list ? from : [0, '', 0, '']
    const wanted = page.limit + 1 - rows.length
    const start = [number, Buffer.from(String(sha256), 'hex'), ofDataset, path]
    const found = await db.query<Row>(text, [...start, wanted, dataset])
    rows.push(...found.rows.map((row) => ({ ...row, list: at })))
  }
  const names = await nameDatasets(db, rows)
  return paginate(rows, page.limit, {
    item: (row) => toRejection(row, names.get(row.dataset) ?? ''),
    // Files are known by their paths alone.
    cursor: (row) =>
      writeCursor([row.list, row.number, row.list === 0 ? '' : (row.sha256 ?? ''), row.dataset, row.path]),
  })
}

function toRejection(row: Row & { readonly list: number }, dataset: string): Rejection {
  const { number: _, list: __, at, ...rest } = row
  return { ...rest, dataset, at: at.toISOString() }
}

async function nameDatasets(db: Queryable, rows: readonly Row[]): Promise<Map<number, string>> {
  const { rows: found } = await db.query<{ id: number; name: string }>(
    'select id, name from datasets where id = any($1::integer[])',
    [[...new Set(rows.map(({ dataset }) => dataset))]],
  )
  return new Map(found.map(({ id, name }) => [id, name]))
}
