import type { RunSummary } from '@ser/contracts'
import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import { paginate, type Page, type PageRequest } from './paginate.ts'
import { readCursor, writeCursor } from './read-cursor.ts'
import { RUN_COLUMNS, RUN_TABLES, toRunSummary, type RunRow } from './run-row.ts'

export type RunFilter = {
  readonly status?: RunSummary['status'] | undefined
  readonly experiment?: string | undefined
  readonly specHash?: string | undefined
}

/** Runs, newest first, a page at a time. */
export async function listRuns(db: Queryable, filter: RunFilter, page: PageRequest): Promise<Page<RunSummary>> {
  const after = page.cursor === undefined ? [null, null] : readCursor(page.cursor, ['string', 'string'])
  const { rows } = await db.query<RunRow & { at: string }>(
    `select ${RUN_COLUMNS}, r.created_at::text as at from ${RUN_TABLES}
     where ($1::timestamptz is null or r.created_at < $1 or (r.created_at = $1 and r.id > $2::uuid))
       and ($3::text is null or r.status = $3)
       and ($4::text is null or r.id in (select x.run_id from experiment_runs x where x.experiment = $4))
       and ($5::bytea is null or r.spec_hash = $5)
     order by r.created_at desc, r.id limit $6`,
    [
      ...after,
      filter.status ?? null,
      filter.experiment ?? null,
      filter.specHash === undefined ? null : toBytes(filter.specHash),
      page.limit + 1,
    ],
  )
  return paginate(rows, page.limit, { item: toRunSummary, cursor: (row) => writeCursor([row.at, row.id]) })
}
