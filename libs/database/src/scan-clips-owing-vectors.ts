import { toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'

export type OwingScan = {
  readonly datasetId: number
  /** The feature set's `rowId`. */
  readonly featureSet: number
  /** The path after which to go on; nothing to begin. */
  readonly after?: string | undefined
  /** Paths to look at. */
  readonly limit: number
}

/** `next` is where to go on, and undefined at the end of the dataset. */
export type OwingPage = { readonly clips: string[]; readonly next: string | undefined }

/**
 * Looks at the next `limit` paths of a dataset and returns those of their clips that have neither a vector of the
 * feature set nor a recorded failure. A page costs the same whether all of it owes or none.
 */
export async function scanClipsOwingVectors(db: Queryable, scan: OwingScan): Promise<OwingPage> {
  const { rows } = await db.query<{ path: string; sha256: Buffer; owing: boolean }>(
    `with page as materialized (
       select path, sha256 from dataset_clips
       where dataset_id = $1 and ($3::text is null or path > $3) order by path limit $4)
     select page.path, page.sha256, clip.found is not null and done.found is null and failed.found is null as owing
     from page
     left join lateral (select true as found from clips c where c.sha256 = page.sha256 limit 1) as clip on true
     left join lateral (
       select true as found from feature_vectors v where v.sha256 = page.sha256 and v.feature_set_id = $2 limit 1
     ) as done on true
     left join lateral (
       select true as found from feature_failures f where f.sha256 = page.sha256 and f.feature_set_id = $2 limit 1
     ) as failed on true
     order by page.path`,
    [scan.datasetId, scan.featureSet, scan.after ?? null, scan.limit],
  )
  return {
    clips: rows.filter(({ owing }) => owing).map(({ sha256 }) => toHex(sha256)),
    next: rows.length < scan.limit ? undefined : rows.at(-1)?.path,
  }
}
