import type { Database } from './create-database.ts'

/**
 * Counts anew what an augmentation owes, and completes it when that is nothing: clips that have left its dataset since it was asked for no
 * longer count, and those of a transaction that began before it and was committed after it do.
 */
export async function settleAugmentation(db: Database, id: string): Promise<void> {
  await db.transaction(async (transaction) => {
    // Locked first: whoever notes a clip as done waits for this row, so that each clip is either owed here or counted there.
    await transaction.query('select from augmentations where id = $1 for update', [id])
    await transaction.query(
      `update augmentations a
       set total = a.done + a.failed + owed.clips * a.copies,
           status = case when owed.clips = 0 then 'completed' else a.status end,
           finished_at = case when owed.clips = 0 then now() else a.finished_at end
       from (
         select count(distinct mine.sha256) as clips
         from augmentations asked join dataset_clips mine
           on mine.dataset_id = asked.dataset_id and mine.created_at <= asked.created_at
         where asked.id = $1 and not exists (
           select from augmentation_clips done where done.augmentation = asked.number and done.sha256 = mine.sha256)
       ) as owed
       where a.id = $1 and a.status <> 'completed'`,
      [id],
    )
  })
}
