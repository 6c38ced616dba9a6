import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/** A recording: what its bytes are, and where they lie. */
export type ClipRow = {
  readonly sha256: string
  readonly objectKey: string
  readonly bytes: number
  readonly container: string
  readonly encoding: string
  /** Hz. */
  readonly sampleRate: number
  readonly channels: number
  /** Samples of one channel. */
  readonly frames: number
}

/**
 * Stores clips that are not there yet, all in one statement.
 * @returns The SHA-256 of those that are new.
 */
export async function upsertClips(db: Queryable, clips: readonly ClipRow[]): Promise<Set<string>> {
  if (clips.length === 0) return new Set()
  const { rows } = await db.query<{ sha256: Buffer }>(
    // In order, so that two that store the same clips wait for each other and never in a circle.
    `insert into clips (sha256, object_key, bytes, container, encoding, sample_rate, channels, frames)
     select * from unnest($1::bytea[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::int[], $7::smallint[], $8::bigint[])
       as clip (sha256, object_key, bytes, container, encoding, sample_rate, channels, frames)
     order by clip.sha256
     on conflict (sha256) do nothing
     returning sha256`,
    [
      clips.map((clip) => toBytes(clip.sha256)),
      clips.map((clip) => clip.objectKey),
      clips.map((clip) => clip.bytes),
      clips.map((clip) => clip.container),
      clips.map((clip) => clip.encoding),
      clips.map((clip) => clip.sampleRate),
      clips.map((clip) => clip.channels),
      clips.map((clip) => clip.frames),
    ],
  )
  return new Set(rows.map(({ sha256 }) => toHex(sha256)))
}
