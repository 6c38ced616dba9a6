import type { Ingestion } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { INGESTION_COLUMNS, toIngestion, type IngestionRow } from './ingestion-row.ts'
import { paginate, type Page, type PageRequest } from './paginate.ts'
import { readCursor, writeCursor } from './read-cursor.ts'

/** Ingestions, newest first, a page at a time. */
export async function listIngestions(
  db: Queryable,
  filter: { readonly dataset?: string | undefined },
  page: PageRequest,
): Promise<Page<Ingestion>> {
  const after = page.cursor === undefined ? [null, null] : readCursor(page.cursor, ['string', 'string'])
  const { rows } = await db.query<IngestionRow & { at: string }>(
    `select ${INGESTION_COLUMNS}, created_at::text as at from ingestions
     where ($1::timestamptz is null or created_at < $1 or (created_at = $1 and id > $2::uuid))
       and ($3::text is null or dataset_id = (select id from datasets where name = $3))
     order by created_at desc, id limit $4`,
    [...after, filter.dataset ?? null, page.limit + 1],
  )
  return paginate(rows, page.limit, { item: toIngestion, cursor: (row) => writeCursor([row.at, row.id]) })
}
