import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import type { AugmentationWork } from './find-augmentation-work.ts'

export type OwingParent = {
  readonly sha256: string
  /** The original that it goes back to; of an original itself. */
  readonly root: string
  readonly objectKey: string
  readonly bytes: number
  /** Hz. */
  readonly sampleRate: number
  /** The copies, from 0, of which there is no variant yet. */
  readonly missing: readonly number[]
}

type Row = { sha256: Buffer; root: Buffer; objectKey: string; bytes: number; sampleRate: number; made: number[] }

/** Of these clips, those that are stored and that the augmentation is not done with. */
export async function findClipsOwingVariants(
  db: Queryable,
  work: AugmentationWork,
  parents: readonly string[],
): Promise<OwingParent[]> {
  const { rows } = await db.query<Row>(
    `select wanted.sha256, coalesce(origin.root, wanted.sha256) as root, clip.object_key as "objectKey", clip.bytes, clip.sample_rate as "sampleRate", made.copies as made
     from unnest($2::bytea[]) as wanted (sha256)
     cross join lateral (select object_key, bytes, sample_rate from clips where clips.sha256 = wanted.sha256 limit 1) as clip
     cross join lateral (
       select coalesce(array_agg(v.copy), '{}') as copies from clip_variants v
       where v.parent = wanted.sha256 and v.recipe_id = $3 and v.resource_set_id = $4 and v.seed = $5
     ) as made
     left join lateral (select root from clip_roots where sha256 = wanted.sha256 limit 1) as origin on true
     left join lateral (
       select true as found from augmentation_clips c where c.augmentation = $1 and c.sha256 = wanted.sha256 limit 1
     ) as done on true
     where done.found is null
     order by wanted.sha256`,
    [work.number, [...new Set(parents)].map(toBytes), work.recipe.rowId, work.resourceSet.rowId, work.seed],
  )
  return rows.map(({ made, ...row }) => ({
    ...row,
    sha256: toHex(row.sha256),
    root: toHex(row.root),
    missing: Array.from({ length: work.copies }, (_, copy) => copy).filter((copy) => !made.includes(copy)),
  }))
}
