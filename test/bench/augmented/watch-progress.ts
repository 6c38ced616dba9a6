import { setTimeout } from 'node:timers/promises'
import type { Database } from '@ser/database'

/** What was stored so many seconds after the beginning. */
export type Sample = {
  readonly seconds: number
  readonly recordings: number
  readonly variants: number
  readonly vectors: number
}

const EVERY_MS = 250

/** Looks at the counts that the pipeline keeps, and remembers how they grew. */
export function watchProgress(db: Database) {
  const start = performance.now()
  const samples: Sample[] = []
  const look = async (): Promise<Sample> => {
    const { rows } = await db.query<Omit<Sample, 'seconds'>>(
      `select (select coalesce(sum(stored), 0)::int from ingestions) as recordings,
         (select coalesce(sum(done), 0)::int from augmentations) as variants,
         (select coalesce(sum(vectors), 0)::int from feature_set_counts) as vectors`,
    )
    const sample = { seconds: (performance.now() - start) / 1000, ...rows[0] }
    samples.push(sample)
    return sample
  }
  return {
    samples,
    /** The first look at which it holds. */
    async until(holds: (sample: Sample) => boolean, limitSeconds = 3600): Promise<Sample> {
      for (;;) {
        const sample = await look()
        if (holds(sample)) return sample
        if (sample.seconds > limitSeconds)
          throw new Error(`did not come to it in ${limitSeconds} s: ${JSON.stringify(sample)}`)
        await setTimeout(EVERY_MS)
      }
    },
  }
}
