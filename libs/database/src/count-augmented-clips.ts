import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import type { AugmentationWork } from './find-augmentation-work.ts'

/** A clip that an augmentation is done with; `failure` says why it has no variants. */
export type AugmentedClip = {
  readonly sha256: string
  readonly failure: { readonly code: string; readonly message: string } | null
}

/**
 * Notes that an augmentation is done with clips, and counts their variants: each clip once, however often it is noted.
 * The last one completes the augmentation.
 */
export async function countAugmentedClips(
  db: Queryable,
  work: Pick<AugmentationWork, 'number' | 'copies'>,
  clips: readonly AugmentedClip[],
): Promise<void> {
  if (clips.length === 0) return
  await db.query(
    `with noted as (
       insert into augmentation_clips (augmentation, sha256, code, message)
       select $1, clip.sha256, clip.code, clip.message
       from unnest($3::bytea[], $4::text[], $5::text[]) as clip (sha256, code, message)
       order by clip.sha256
       on conflict do nothing
       returning code),
     counted as (
       select count(*) filter (where code is null) * $2::int as done, count(code) * $2::int as failed from noted)
     update augmentations a
     set done = a.done + counted.done, failed = a.failed + counted.failed,
         started_at = coalesce(a.started_at, now()),
         status = case when a.done + counted.done + a.failed + counted.failed >= a.total then 'completed' else 'running' end,
         finished_at = case when a.done + counted.done + a.failed + counted.failed >= a.total
                         then coalesce(a.finished_at, now()) end
     from counted where a.number = $1`,
    [
      work.number,
      work.copies,
      clips.map(({ sha256 }) => toBytes(sha256)),
      clips.map(({ failure }) => failure?.code ?? null),
      clips.map(({ failure }) => failure?.message ?? null),
    ],
  )
}
