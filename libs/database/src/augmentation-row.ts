import { augmentRequestSchema, type Augmentation } from '@ser/contracts'
import { toHex } from './bytea.ts'

/** What an augmentation is read from. */
export type AugmentationRow = {
  id: string
  request: unknown
  hash: Buffer
  name: string
  version: number
  transforms: string
  into: string
  status: Augmentation['status']
  total: number
  done: number
  failed: number
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

/** To be followed by `where` and the rest; the augmentation is `a`. */
export const SELECT_AUGMENTATIONS = `select a.id, a.request, r.hash, r.name, r.version, r.transforms, d.name as into, a.status,
    a.total, a.done, a.failed, a.created_at, a.started_at, a.finished_at, a.created_at::text as at
  from augmentations a join recipes r on r.id = a.recipe_id join datasets d on d.id = a.into_dataset_id`

/** A row of `SELECT_AUGMENTATIONS` as the API says it. */
export function toAugmentation(row: AugmentationRow): Augmentation {
  const { total, done, failed } = row
  return {
    id: row.id,
    request: augmentRequestSchema.parse(row.request),
    recipe: { hash: toHex(row.hash), name: row.name, version: row.version, transforms: row.transforms },
    into: row.into,
    status: row.status,
    counts: { total, done, failed },
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}
