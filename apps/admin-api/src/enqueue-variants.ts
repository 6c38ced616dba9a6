import { getAugmentation, scanClipsOwingVariants, type Database } from '@ser/database'
import { augmentJobs, type Queues } from '@ser/queue'

export type EnqueueVariantsDeps = {
  readonly db: Database
  readonly queues: Pick<Queues, 'enqueueAugment'>
  /** Rows looked at in one query (default 2048). */
  readonly pageSize?: number
}

/** Enqueues what an augmentation still owes; gives the clips that owe, and the jobs that were not on their way already. */
export async function enqueueVariants(
  { db, queues, pageSize = 2048 }: EnqueueVariantsDeps,
  augmentationId: string,
): Promise<{ readonly jobs: number; readonly clips: number }> {
  const { request } = await getAugmentation(db, augmentationId)
  const found = { jobs: 0, clips: 0 }
  let after: string | undefined
  do {
    const page = await scanClipsOwingVariants(db, { augmentationId, after, limit: pageSize })
    const { added, retried } = await queues.enqueueAugment(augmentJobs(augmentationId, page.clips, request.copies))
    found.jobs += added + retried
    found.clips += new Set(page.clips).size
    after = page.next
  } while (after !== undefined)
  return found
}
