import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/** A path of a dataset, the clip that lies there and what it is said to be. */
export type DatasetClipRow = {
  readonly path: string
  readonly sha256: string
  readonly label: string
  readonly speaker: string
  readonly word: string | null
  readonly split: string | null
}

/** How many paths are new, and how many are not what they were (another recording, another label). */
export type RegisteredClips = { readonly added: number; readonly changed: number; readonly unchanged: number }

/**
 * Registers paths of a dataset, all in one statement; their clips are stored before (`upsertClips`). A path that was
 * rejected earlier and is registered now is no longer rejected. Of a path given twice the last counts.
 */
export async function registerDatasetClips(
  db: Queryable,
  datasetId: number,
  clips: readonly DatasetClipRow[],
): Promise<RegisteredClips> {
  if (clips.length === 0) return { added: 0, changed: 0, unchanged: 0 }
  const byPath = [...new Map(clips.map((clip) => [clip.path, clip])).values()]
  const { rows } = await db.query<{ added: number; changed: number }>(
    `with input as (
       select * from unnest($2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::text[])
         as clip (path, sha256, label, speaker, word, split)),
     before as (
       select path from dataset_clips where dataset_id = $1 and path = any($2::text[])),
     written as (
       insert into dataset_clips as old (dataset_id, path, sha256, label, speaker, word, split)
       select $1, path, sha256, label, speaker, word, split from input order by path
       on conflict (dataset_id, path) do update
         set sha256 = excluded.sha256, label = excluded.label, speaker = excluded.speaker,
             word = excluded.word, split = excluded.split
         where (old.sha256, old.label, old.speaker, old.word, old.split)
           is distinct from (excluded.sha256, excluded.label, excluded.speaker, excluded.word, excluded.split)
       returning path),
     accepted as (
       delete from rejected_files where dataset_id = $1 and path = any($2::text[]))
     select count(*) filter (where before.path is null) as added, count(before.path) as changed
     from written left join before using (path)`,
    [
      datasetId,
      byPath.map((clip) => clip.path),
      byPath.map((clip) => toBytes(clip.sha256)),
      byPath.map((clip) => clip.label),
      byPath.map((clip) => clip.speaker),
      byPath.map((clip) => clip.word),
      byPath.map((clip) => clip.split),
    ],
  )
  const { added, changed } = rows[0]
  return { added, changed, unchanged: byPath.length - added - changed }
}
