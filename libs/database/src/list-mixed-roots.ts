import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'

const BATCH_CLIPS = 10_000

/**
 * Of variants the originals that can be heard in them besides their own: those of the recordings that were mixed into them, or into what
 * they were made from. Variants without any are left out; of several ways to the same bytes, all count.
 */
export async function listMixedRoots(
  db: Queryable,
  variants: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for (let start = 0; start < variants.length; start += BATCH_CLIPS) {
    const { rows } = await db.query<{ sha256: Buffer; roots: Buffer[] }>(
      // The limits keep these look-ups for each clip: without them, all variants may be read into a hash table.
      `with recursive heard as (
         select given as sha256, given as step from unnest($1::bytea[]) as wanted (given)
         union
         select heard.sha256, made.parent from heard
         cross join lateral (select parent from clip_variants where sha256 = heard.step limit 1000) as made),
       mixed as (
         select distinct heard.sha256, decode(named.name #>> '{}', 'hex') as recording from heard
         cross join lateral (select applied from clip_variants where sha256 = heard.step limit 1000) as made
         cross join lateral jsonb_path_query(made.applied, '$[*].parameters.recordings[*]') as named (name))
       select mixed.sha256, array_agg(distinct coalesce(origin.root, mixed.recording)) as roots from mixed
       left join lateral (select root from clip_roots where sha256 = mixed.recording limit 1) as origin on true
       group by mixed.sha256`,
      [variants.slice(start, start + BATCH_CLIPS).map(toBytes)],
    )
    for (const { sha256, roots } of rows) found.set(toHex(sha256), roots.map(toHex))
  }
  return found
}
