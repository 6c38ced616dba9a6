import type { Spent } from './predict-messages.ts'

export type Stopwatch = {
  /** Runs the work and adds its time to a stage's. */
  readonly time: <T>(stage: keyof Spent, work: () => T) => T
  readonly timeAsync: <T>(stage: keyof Spent, work: () => Promise<T>) => Promise<T>
  readonly read: () => Spent
}

/** Adds up where a thread's time goes. */
export function createStopwatch(): Stopwatch {
  const spent = { decode: 0, features: 0, model: 0 }
  return {
    time(stage, work) {
      const start = performance.now()
      const result = work()
      spent[stage] += performance.now() - start
      return result
    },
    async timeAsync(stage, work) {
      const start = performance.now()
      const result = await work()
      spent[stage] += performance.now() - start
      return result
    },
    read: () => ({ ...spent }),
  }
}
