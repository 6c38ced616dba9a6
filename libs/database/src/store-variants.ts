import { toBytes } from './bytea.ts'
import { countAugmentedClips } from './count-augmented-clips.ts'
import type { Database, Queryable } from './create-database.ts'
import type { AugmentationWork } from './find-augmentation-work.ts'
import { upsertClips, type ClipRow } from './upsert-clips.ts'

/** A variant that was made; its object is stored. */
export type VariantRow = {
  /** From 0. */
  readonly copy: number
  readonly clip: ClipRow
  readonly applied: readonly object[]
  readonly outputGainDb: number
}

export type StoredVariants = {
  /** Variants that were not there before. */
  readonly made: number
  /** False when the parent has left the dataset, so that its variants have no place in the other one either. */
  readonly placed: boolean
}

/**
 * Stores the variants of one clip and puts all copies that the augmentation asks for into its dataset, beside each path
 * that the parent has and with what is said of it; then the augmentation is done with the clip. All or nothing; a copy
 * that another process has stored meanwhile stays as it is.
 */
export async function storeVariants(
  db: Database,
  work: AugmentationWork,
  parent: string,
  variants: readonly VariantRow[],
): Promise<StoredVariants> {
  return db.transaction(async (transaction) => {
    const made = await insertVariants(transaction, work, parent, variants)
    await upsertClips(
      transaction,
      variants.filter(({ copy }) => made.has(copy)).map(({ clip }) => clip),
    )
    const placed = await placeVariants(transaction, work, parent)
    if (placed) await countAugmentedClips(transaction, work, [{ sha256: parent, failure: null }])
    return { made: made.size, placed }
  })
}

async function insertVariants(
  transaction: Queryable,
  work: AugmentationWork,
  parent: string,
  variants: readonly VariantRow[],
): Promise<Set<number>> {
  if (variants.length === 0) return new Set()
  const { rows } = await transaction.query<{ copy: number }>(
    // The parent may be a variant itself, or come out as what it was made from.
    `with origin as (
       select coalesce(
         (select v.root from clip_variants v where v.sha256 = $1 and v.root <> v.sha256 order by v.root limit 1), $1::bytea) as root)
     insert into clip_variants (parent, recipe_id, resource_set_id, seed, copy, sha256, root, applied, output_gain_db)
     select $1, $2, $3, $4, variant.copy, variant.sha256, origin.root, variant.applied, variant.gain
     from unnest($5::smallint[], $6::bytea[], $7::jsonb[], $8::real[]) as variant (copy, sha256, applied, gain), origin
     order by variant.copy
     on conflict do nothing
     returning copy`,
    [
      toBytes(parent),
      work.recipe.rowId,
      work.resourceSet.rowId,
      work.seed,
      variants.map(({ copy }) => copy),
      variants.map(({ clip }) => toBytes(clip.sha256)),
      variants.map(({ applied }) => JSON.stringify(applied)),
      variants.map(({ outputGainDb }) => outputGainDb),
    ],
  )
  return new Set(rows.map(({ copy }) => copy))
}

/** The path says what it is a variant of and how it was made; one that is there is brought up to date. */
async function placeVariants(transaction: Queryable, work: AugmentationWork, parent: string): Promise<boolean> {
  const { rows } = await transaction.query<{ paths: number }>(
    `with asked as materialized (
       select a.dataset_id, a.into_dataset_id, a.created_at, a.copies, a.recipe_id, a.resource_set_id, a.seed,
         '~' || r.name || '-' || r.version || '-' || left(encode(r.hash, 'hex'), 6) || left(encode(s.hash, 'hex'), 6)
           || '-' || a.seed || '-' as suffix
       from augmentations a join recipes r on r.id = a.recipe_id join resource_sets s on s.id = a.resource_set_id
       where a.number = $1),
     source as materialized (
       select path, label, speaker, word, split from dataset_clips
       where sha256 = $2 and dataset_id = (select dataset_id from asked)
         and created_at <= (select created_at from asked)),
     variant as materialized (
       select v.copy, v.sha256 from clip_variants v, asked
       where v.parent = $2 and v.recipe_id = asked.recipe_id and v.resource_set_id = asked.resource_set_id
         and v.seed = asked.seed and v.copy < asked.copies),
     written as (
       insert into dataset_clips as old (dataset_id, path, sha256, label, speaker, word, split)
       select asked.into_dataset_id, source.path || asked.suffix || variant.copy || '.wav', variant.sha256, source.label,
         source.speaker, source.word, source.split
       from source, variant, asked
       order by source.path, variant.copy
       on conflict (dataset_id, path) do update
         set sha256 = excluded.sha256, label = excluded.label, speaker = excluded.speaker, word = excluded.word,
             split = excluded.split
         where (old.sha256, old.label, old.speaker, old.word, old.split)
           is distinct from (excluded.sha256, excluded.label, excluded.speaker, excluded.word, excluded.split))
     select count(*) as paths from source`,
    [work.number, toBytes(parent)],
  )
  return rows[0].paths > 0
}
