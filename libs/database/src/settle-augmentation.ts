import type { Queryable } from './create-database.ts'

/**
 * Completes an augmentation that owes nothing: clips that have left its dataset since no longer count. To be called when
 * a scan has found none that owe.
 */
export async function settleAugmentation(db: Queryable, id: string): Promise<void> {
  await db.query(
    `update augmentations set status = 'completed', total = done + failed, finished_at = now()
     where id = $1 and status <> 'completed'`,
    [id],
  )
}
