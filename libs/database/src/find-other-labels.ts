import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import type { DatasetClipRow } from './register-dataset-clips.ts'

export type OtherLabel = { readonly sha256: string; readonly path: string; readonly label: string }

/**
 * Where a dataset has the bytes of these files under another path with another label; by path. Normally nothing, because
 * a recording has one label in a dataset. At most a thousand rows.
 */
export async function findOtherLabels(
  db: Queryable,
  datasetId: number,
  files: readonly Pick<DatasetClipRow, 'path' | 'sha256' | 'label'>[],
): Promise<OtherLabel[]> {
  if (files.length === 0) return []
  const { rows } = await db.query<{ sha256: Buffer; path: string; label: string }>(
    `select distinct dc.sha256, dc.path, dc.label
     from unnest($2::bytea[], $3::text[], $4::text[]) as file (sha256, path, label)
     join dataset_clips dc on dc.sha256 = file.sha256 and dc.path <> file.path and dc.label <> file.label
     where dc.dataset_id = $1
     order by dc.path limit 1000`,
    [
      datasetId,
      files.map((file) => toBytes(file.sha256)),
      files.map(({ path }) => path),
      files.map(({ label }) => label),
    ],
  )
  return rows.map((row) => ({ ...row, sha256: toHex(row.sha256) }))
}
