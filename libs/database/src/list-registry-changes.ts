import type { RegistryChange } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { paginate, type Page, type PageRequest } from './paginate.ts'
import { readCursor, writeCursor } from './read-cursor.ts'
import { REGISTRY_CHANGE_COLUMNS, toRegistryChange, type RegistryChangeRow } from './registry-change-row.ts'

/** What was changed about a model, newest first, a page at a time. */
export async function listRegistryChanges(
  db: Queryable,
  filter: { readonly model: string; readonly alias?: string | undefined },
  page: PageRequest,
): Promise<Page<RegistryChange>> {
  const [before] = page.cursor === undefined ? [null] : readCursor(page.cursor, ['number'])
  const { rows } = await db.query<RegistryChangeRow>(
    `select ${REGISTRY_CHANGE_COLUMNS} from registry_changes
     where model = $1 and ($2::text is null or alias = $2) and ($3::bigint is null or id < $3)
     order by id desc limit $4`,
    [filter.model, filter.alias ?? null, before, page.limit + 1],
  )
  return paginate(rows, page.limit, { item: toRegistryChange, cursor: ({ id }) => writeCursor([id]) })
}
