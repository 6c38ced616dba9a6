import { getAugmentation, scanClipsOwingVariants, settleAugmentation, type Database } from '@ser/database'
import { augmentJobs, type Queues } from '@ser/queue'

export type EnqueueVariantsDeps = {
  readonly db: Database
  readonly queues: Pick<Queues, 'enqueueAugment'>
  /** Rows looked at in one query (default 2048). */
  readonly pageSize?: number
}

/**
 * Enqueues what an augmentation still owes; gives the clips that owe, and the jobs that were not on their way already. Where that is not what
 * the augmentation says, because its dataset has changed, its counts are put right: nobody would ever do what nothing is enqueued for.
 */
export async function enqueueVariants(
  { db, queues, pageSize = 2048 }: EnqueueVariantsDeps,
  augmentationId: string,
): Promise<{ readonly jobs: number; readonly clips: number }> {
  const { request, counts } = await getAugmentation(db, augmentationId)
  const found = { jobs: 0, clips: 0 }
  let after: string | undefined
  do {
    const page = await scanClipsOwingVariants(db, { augmentationId, after, limit: pageSize })
    const { added, retried } = await queues.enqueueAugment(augmentJobs(augmentationId, page.clips, request.copies))
    found.jobs += added + retried
    found.clips += new Set(page.clips).size
    after = page.next
  } while (after !== undefined)
  const expected = counts.total - counts.done - counts.failed
  if (found.clips * request.copies !== expected || expected === 0) await settleAugmentation(db, augmentationId)
  return found
}
