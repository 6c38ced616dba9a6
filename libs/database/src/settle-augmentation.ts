import type { Database } from './create-database.ts'

/**
 * Counts anew what an augmentation owes, and completes it when that is nothing: clips that have left its dataset since it was asked for no
 * longer count, and those of a transaction that began before it and was committed after it do.
 */
export async function settleAugmentation(db: Database, id: string): Promise<void> {
  await db.transaction(async (transaction) => {
    // Locked first: whoever notes a clip as done waits for this row, so that each clip is either owed here or counted there.
    const { rows } = await transaction.query<{ number: number; datasetId: number }>(
      'select number, dataset_id as "datasetId" from augmentations where id = $1 for update',
      [id],
    )
    if (rows.length === 0) return
    const [{ number, datasetId }] = rows
    await transaction.query(
      // As numbers, and with a limit: else all paths and all clips that were ever augmented may be read into hash tables.
      `update augmentations a
       set total = a.done + a.failed + owed.clips * a.copies,
           status = case when owed.clips = 0 then 'completed' else a.status end,
           finished_at = case when owed.clips = 0 then now() else a.finished_at end
       from (
         select count(distinct mine.sha256) as clips
         from dataset_clips mine
         left join lateral (
           select true as found from augmentation_clips done
           where done.augmentation = $2 and done.sha256 = mine.sha256 limit 1
         ) as done on true
         where mine.dataset_id = $3 and mine.created_at <= (select created_at from augmentations where id = $1)
           and done.found is null
       ) as owed
       where a.id = $1 and a.status <> 'completed'`,
      [id, number, datasetId],
    )
  })
}
