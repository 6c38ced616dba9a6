import { toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/** A recording of a run's test side. */
export type TestRecording = {
  readonly sha256: string
  readonly objectKey: string
  readonly bytes: number
  /** The index of its class. */
  readonly label: number
  /** Whose it is, with the dataset; '' for runs from before predictions were kept. */
  readonly speaker: string
}

/**
 * The recordings of a run's test side in the order of their SHA-256: originals only, as variants have been changed already. With `limit`
 * so many of them, drawn by the seed.
 */
export async function listTestRecordings(
  db: Queryable,
  runId: string,
  { limit, seed }: { readonly limit?: number | undefined; readonly seed: number },
): Promise<TestRecording[]> {
  const { rows } = await db.query<{ sha256: Buffer; objectKey: string; bytes: number; label: number; speaker: string }>(
    // The limits keep the look-ups for each clip: without them, all clips and all variants may be read into hash tables.
    `select sha256, "objectKey", bytes, label, speaker from (
       select mine.sha256, clip.object_key as "objectKey", clip.bytes, mine.label,
         coalesce(said.dataset || '/' || said.speaker, '') as speaker
       from run_clips mine
         cross join lateral (select object_key, bytes from clips where sha256 = mine.sha256 limit 1) as clip
         left join run_predictions said on said.run_id = mine.run_id and said.sha256 = mine.sha256
       where mine.run_id = $1 and mine.side = 'test'
         and (select true from clip_variants v where v.sha256 = mine.sha256 and v.root <> v.sha256 limit 1) is null
       order by sha256(mine.sha256 || int8send($2::bigint)) limit $3) as drawn
     order by sha256`,
    [runId, seed, limit ?? null],
  )
  return rows.map((row) => ({ ...row, sha256: toHex(row.sha256) }))
}
