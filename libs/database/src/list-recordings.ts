import { toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import { findDataset } from './find-dataset.ts'

export type RecordingLength = { readonly sha256: string; readonly seconds: number }

export type RecordingFilter = {
  readonly dataset: string
  /** Only those whose split in the dataset is this, under every path that they have there. */
  readonly split?: string | undefined
}

/** The recordings of a dataset, each once, by SHA-256; `limit` at most. */
export async function listRecordings(
  db: Queryable,
  { dataset, split }: RecordingFilter,
  limit: number,
): Promise<RecordingLength[]> {
  const id = await findDataset(db, dataset)
  const { rows } = await db.query<{ sha256: Buffer; seconds: number }>(
    `select mine.sha256, clip.frames::float8 / clip.sample_rate as seconds
     from (
       select sha256 from dataset_clips where dataset_id = $1
       group by sha256 having $3::text is null or bool_and(split is not distinct from $3)) as mine
     cross join lateral (select frames, sample_rate from clips where clips.sha256 = mine.sha256 limit 1) as clip
     order by mine.sha256 limit $2`,
    [id ?? null, limit, split ?? null],
  )
  return rows.map((row) => ({ ...row, sha256: toHex(row.sha256) }))
}
