import { SerError, type Augmentation } from '@ser/contracts'
import { SELECT_AUGMENTATIONS, toAugmentation, type AugmentationRow } from './augmentation-row.ts'
import type { Queryable } from './create-database.ts'

/**
 * One augmentation.
 *
 * @throws SerError AUGMENTATION_NOT_FOUND (gone).
 */
export async function getAugmentation(db: Queryable, id: string): Promise<Augmentation> {
  const { rows } = await db.query<AugmentationRow>(`${SELECT_AUGMENTATIONS} where a.id = $1`, [id])
  if (rows.length > 0) return toAugmentation(rows[0])
  throw new SerError('AUGMENTATION_NOT_FOUND', `there is no augmentation ${id}`, {
    kind: 'gone',
    ids: { augmentation: id },
  })
}
