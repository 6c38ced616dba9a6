import { SerError, type ClipVariant } from '@ser/contracts'
import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'

export type StoredClip = {
  readonly sha256: string
  readonly objectKey: string
  readonly container: string
  readonly encoding: string
  readonly sampleRate: number
  readonly channels: number
  readonly seconds: number
  readonly bytes: number
  /** How it was made, where it is a variant; more than one where several came out as the same bytes. */
  readonly madeFrom: ClipVariant[]
  /** What was made from it. */
  readonly variants: ClipVariant[]
}

const SELECT_VARIANTS = `select encode(v.sha256, 'hex') as sha256, encode(v.parent, 'hex') as parent,
    jsonb_build_object('name', r.name, 'version', r.version) as recipe, v.seed, v.copy, v.applied,
    v.output_gain_db as "outputGainDb"
  from clip_variants v join recipes r on r.id = v.recipe_id`

/**
 * A recording with what it was made from and what was made from it, the latest first; a thousand of each at most.
 *
 * @throws SerError CLIP_NOT_FOUND (gone).
 */
export async function getClip(db: Queryable, sha256: string): Promise<StoredClip> {
  const key = [toBytes(sha256)]
  const { rows } = await db.query<Omit<StoredClip, 'sha256' | 'madeFrom' | 'variants'>>(
    `select object_key as "objectKey", container, encoding, sample_rate as "sampleRate", channels,
       frames::float8 / sample_rate as seconds, bytes
     from clips where sha256 = $1`,
    key,
  )
  if (rows.length === 0) {
    throw new SerError('CLIP_NOT_FOUND', `there is no clip ${sha256}`, { kind: 'gone', ids: { clip: sha256 } })
  }
  const newest = 'order by v.created_at desc, v.seed, v.copy limit 1000'
  const madeFrom = await db.query<ClipVariant>(`${SELECT_VARIANTS} where v.sha256 = $1 ${newest}`, key)
  const variants = await db.query<ClipVariant>(`${SELECT_VARIANTS} where v.parent = $1 ${newest}`, key)
  return { sha256, ...rows[0], madeFrom: madeFrom.rows, variants: variants.rows }
}
