import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/** A file that was not taken in, and why; `sha256` is null when its bytes were not read. */
export type RejectionRow = {
  readonly path: string
  readonly sha256: string | null
  readonly code: string
  readonly message: string
}

/** Records files that were not taken in, one row a path, all in one statement; the latest reason counts. */
export async function insertRejections(
  db: Queryable,
  datasetId: number,
  rejections: readonly RejectionRow[],
): Promise<void> {
  if (rejections.length === 0) return
  const byPath = [...new Map(rejections.map((rejection) => [rejection.path, rejection])).values()]
  await db.query(
    `insert into rejected_files as old (dataset_id, path, sha256, code, message)
     select $1, file.path, file.sha256, file.code, file.message
     from unnest($2::text[], $3::bytea[], $4::text[], $5::text[]) as file (path, sha256, code, message)
     order by file.path
     on conflict (dataset_id, path) do update
       set sha256 = excluded.sha256, code = excluded.code, message = excluded.message, at = now()
       where (old.sha256, old.code, old.message) is distinct from (excluded.sha256, excluded.code, excluded.message)`,
    [
      datasetId,
      byPath.map(({ path }) => path),
      byPath.map(({ sha256 }) => (sha256 === null ? null : toBytes(sha256))),
      byPath.map(({ code }) => code),
      byPath.map(({ message }) => message),
    ],
  )
}
