import type { Augmentation } from '@ser/contracts'
import { SELECT_AUGMENTATIONS, toAugmentation, type AugmentationRow } from './augmentation-row.ts'
import type { Queryable } from './create-database.ts'
import { paginate, type Page, type PageRequest } from './paginate.ts'
import { readCursor, writeCursor } from './read-cursor.ts'

/** Augmentations, newest first, a page at a time. */
export async function listAugmentations(
  db: Queryable,
  filter: { readonly dataset?: string | undefined },
  page: PageRequest,
): Promise<Page<Augmentation>> {
  const after = page.cursor === undefined ? [null, null] : readCursor(page.cursor, ['string', 'string'])
  const { rows } = await db.query<AugmentationRow & { at: string }>(
    `${SELECT_AUGMENTATIONS}
     where ($1::timestamptz is null or a.created_at < $1 or (a.created_at = $1 and a.id > $2::uuid))
       and ($3::text is null or a.dataset_id = (select id from datasets where name = $3))
     order by a.created_at desc, a.id limit $4`,
    [...after, filter.dataset ?? null, page.limit + 1],
  )
  return paginate(rows, page.limit, { item: toAugmentation, cursor: (row) => writeCursor([row.at, row.id]) })
}
