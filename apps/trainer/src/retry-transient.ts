import { setTimeout as sleep } from 'node:timers/promises'
import { failureKind } from '@ser/contracts'

export type RetryOptions = {
  /** Ends the waiting; what it was for is then thrown. */
  readonly signal: AbortSignal
  /** Waits between tries, in milliseconds (default 0.5 s, doubling, 31 s in all). */
  readonly waitsMs?: readonly number[]
}

const WAITS_MS = [500, 1000, 2000, 4000, 8000, 16_000]

/** Tries again what failed for want of a service: a minute without Postgres must not cost hours of training. */
export async function retryTransient<T>(work: () => Promise<T>, { signal, waitsMs = WAITS_MS }: RetryOptions) {
  for (const waitMs of waitsMs) {
    try {
      return await work()
    } catch (error) {
      if (failureKind(error) !== 'transient') throw error
      await sleep(waitMs, undefined, { signal })
    }
  }
  return work()
}
