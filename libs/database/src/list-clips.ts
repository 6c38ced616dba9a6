import type { Clip } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { paginate, type Page, type PageRequest } from './paginate.ts'
import { readCursor, writeCursor } from './read-cursor.ts'

export type ClipFilter = {
  readonly dataset?: string | undefined
  readonly label?: string | undefined
  readonly speaker?: string | undefined
}

type ClipRow = Clip & { dataset_id: number }

/** Clips by dataset and path, a page at a time: keyset, so that a late page costs what the first one does. */
export async function listClips(db: Queryable, filter: ClipFilter, page: PageRequest): Promise<Page<Clip>> {
  const [afterDataset, afterPath] = page.cursor === undefined ? [0, ''] : readCursor(page.cursor, ['number', 'string'])
  const { rows } = await db.query<ClipRow>(
    `select dc.dataset_id, encode(dc.sha256, 'hex') as sha256, d.name as dataset, dc.path, dc.label, dc.speaker, dc.word, dc.split,
            c.container, c.encoding, c.sample_rate as "sampleRate", c.channels,
            c.frames::float8 / c.sample_rate as seconds, c.bytes
     from dataset_clips dc join datasets d on d.id = dc.dataset_id join clips c on c.sha256 = dc.sha256
     where (dc.dataset_id, dc.path) > ($1::integer, $2::text)
       and ($3::text is null or dc.dataset_id = (select id from datasets where name = $3))
       and ($4::text is null or dc.label = $4) and ($5::text is null or dc.speaker = $5)
     order by dc.dataset_id, dc.path limit $6`,
    [afterDataset, afterPath, filter.dataset ?? null, filter.label ?? null, filter.speaker ?? null, page.limit + 1],
  )
  return paginate(rows, page.limit, {
    item: toClip,
    cursor: (row) => writeCursor([row.dataset_id, row.path]),
  })
}

function toClip(row: ClipRow): Clip {
  const { dataset_id: _, ...clip } = row
  return clip
}
