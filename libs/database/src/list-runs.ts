import type { RunSummary } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { paginate, type Page, type PageRequest } from './paginate.ts'
import { readCursor, writeCursor } from './read-cursor.ts'
import { RUN_COLUMNS, RUN_TABLES, toRunSummary, type RunRow } from './run-row.ts'

/** Runs, newest first, a page at a time. */
export async function listRuns(
  db: Queryable,
  filter: { readonly status?: RunSummary['status'] | undefined },
  page: PageRequest,
): Promise<Page<RunSummary>> {
  const after = page.cursor === undefined ? [null, null] : readCursor(page.cursor, ['string', 'string'])
  const { rows } = await db.query<RunRow & { at: string }>(
    `select ${RUN_COLUMNS}, r.created_at::text as at from ${RUN_TABLES}
     where ($1::timestamptz is null or r.created_at < $1 or (r.created_at = $1 and r.id > $2::uuid))
       and ($3::text is null or r.status = $3)
     order by r.created_at desc, r.id limit $4`,
    [...after, filter.status ?? null, page.limit + 1],
  )
  return paginate(rows, page.limit, { item: toRunSummary, cursor: (row) => writeCursor([row.at, row.id]) })
}
