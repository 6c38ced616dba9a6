import { toHex } from './bytea.ts'
import { findDatasets } from './copy-clips.ts'
import type { Queryable } from './create-database.ts'

/** A clip of which the paths of some datasets do not all say the same; each list in alphabetical order. */
export type SharedClip = {
  readonly sha256: string
  readonly datasets: readonly string[]
  readonly labels: readonly string[]
  readonly speakers: readonly string[]
}

/** The clips that lie in more than one of these datasets, or have more than one label or speaker in them; by SHA-256. */
export async function findSharedClips(db: Queryable, datasets: readonly string[]): Promise<SharedClip[]> {
  // As numbers the planner knows how many paths they have.
  const { names } = await findDatasets(db, datasets)
  const { rows } = await db.query<Omit<SharedClip, 'sha256'> & { sha256: Buffer }>(
    `select dc.sha256, array_agg(distinct d.name order by d.name) as datasets,
       array_agg(distinct dc.label order by dc.label) as labels, array_agg(distinct dc.speaker order by dc.speaker) as speakers
     from dataset_clips dc join datasets d on d.id = dc.dataset_id
     where dc.dataset_id = any($1::int[])
     group by dc.sha256
     having min(dc.dataset_id) <> max(dc.dataset_id) or min(dc.label) <> max(dc.label) or min(dc.speaker) <> max(dc.speaker)
     order by dc.sha256`,
    [[...names.keys()]],
  )
  return rows.map((row) => ({ ...row, sha256: toHex(row.sha256) }))
}
