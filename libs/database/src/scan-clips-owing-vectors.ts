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
     select page.path, page.sha256,
       clip.sha256 is not null and done.sha256 is null and failed.sha256 is null as owing
     from page
     left join clips clip on clip.sha256 = page.sha256
     left join feature_vectors done on done.sha256 = page.sha256 and done.feature_set_id = $2
     left join feature_failures failed on failed.sha256 = page.sha256 and failed.feature_set_id = $2
     order by page.path`,
    [scan.datasetId, scan.featureSet, scan.after ?? null, scan.limit],
  )
  return {
    clips: rows.filter(({ owing }) => owing).map(({ sha256 }) => toHex(sha256)),
    next: rows.length < scan.limit ? undefined : rows.at(-1)?.path,
  }
}
