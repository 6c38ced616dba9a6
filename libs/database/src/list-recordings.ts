import { toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'

export type RecordingLength = { readonly sha256: string; readonly seconds: number }

/** The recordings of a dataset, each once, by SHA-256; `limit` at most. */
export async function listRecordings(db: Queryable, dataset: string, limit: number): Promise<RecordingLength[]> {
  const { rows } = await db.query<{ sha256: Buffer; seconds: number }>(
    `select clip.sha256, clip.frames::float8 / clip.sample_rate as seconds
     from (select distinct sha256 from dataset_clips where dataset_id = (select id from datasets where name = $1)) as mine
     join clips clip on clip.sha256 = mine.sha256
     order by clip.sha256 limit $2`,
    [dataset, limit],
  )
  return rows.map((row) => ({ ...row, sha256: toHex(row.sha256) }))
}
