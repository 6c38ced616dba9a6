import { SerError, type AugmentRequest } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

export type NewAugmentation = {
  /** A fresh UUID. */
  readonly id: string
  readonly request: AugmentRequest
  readonly datasetId: number
  readonly intoDatasetId: number
  /** Row ids. */
  readonly recipe: number
  readonly resourceSet: number
}

/**
 * Writes down that variants of a dataset's clips, as it has them now, are to be made. The jobs follow the row.
 *
 * @throws SerError DATASET_EMPTY (bad-input)
 */
export async function createAugmentation(db: Queryable, augmentation: NewAugmentation): Promise<void> {
  const { id, request, datasetId, intoDatasetId, recipe, resourceSet } = augmentation
  const { rowCount } = await db.query(
    `insert into augmentations
       (id, dataset_id, into_dataset_id, recipe_id, resource_set_id, request, copies, seed, status, total)
     select $1, $2, $3, $4, $5, $6, $7::smallint, $8, 'queued', clips * $7::smallint
     from (select count(distinct sha256) as clips from dataset_clips where dataset_id = $2 and created_at <= now()) as counted
     where clips > 0`,
    [id, datasetId, intoDatasetId, recipe, resourceSet, JSON.stringify(request), request.copies, request.seed],
  )
  if (rowCount > 0) return
  throw new SerError('DATASET_EMPTY', `the dataset ${request.dataset} has no recordings: ingest it first`, {
    kind: 'bad-input',
    ids: { dataset: request.dataset },
  })
}
