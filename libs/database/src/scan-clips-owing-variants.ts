import { toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import type { OwingPage } from './scan-clips-owing-vectors.ts'

export type VariantScan = {
  readonly augmentationId: string
  /** The path after which to go on; nothing to begin. */
  readonly after?: string | undefined
  /** Paths to look at. */
  readonly limit: number
}

/**
 * Looks at the next `limit` paths that the augmentation's dataset had when it was asked for, and returns those of their
 * clips that the augmentation is not done with.
 */
export async function scanClipsOwingVariants(db: Queryable, scan: VariantScan): Promise<OwingPage> {
  const { rows } = await db.query<{ path: string; sha256: Buffer; owing: boolean }>(
    `with asked as materialized (select number, dataset_id, created_at from augmentations where id = $1),
     page as materialized (
       select path, sha256 from dataset_clips
       where dataset_id = (select dataset_id from asked) and created_at <= (select created_at from asked)
         and ($2::text is null or path > $2)
       order by path limit $3)
     select page.path, page.sha256, done.found is null as owing
     from page
     left join lateral (
       select true as found from augmentation_clips c
       where c.augmentation = (select number from asked) and c.sha256 = page.sha256 limit 1
     ) as done on true
     order by page.path`,
    [scan.augmentationId, scan.after ?? null, scan.limit],
  )
  return {
    clips: rows.filter(({ owing }) => owing).map(({ sha256 }) => toHex(sha256)),
    next: rows.length < scan.limit ? undefined : rows.at(-1)?.path,
  }
}
