import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { createLane } from './queue-predictions.ts'

/** A lane of numbers whose work waits until the test ends it. */
function laneForTest(more: { most?: number; atOnce?: number; timeoutMs?: number } = {}) {
  const runs: { items: readonly number[]; signal: AbortSignal; end: (error?: Error) => void }[] = []
  const lane = createLane<number, string>({
    most: 4,
    atOnce: 3,
    timeoutMs: 60_000,
    ...more,
    joins: (first, next) => first % 2 === next % 2,
    run: (items, signal) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => (error ? reject(error) : resolve(items.map((item) => `answer ${item}`)))
        runs.push({ items, signal, end })
      }),
  })
  return { lane, runs, turn: setImmediate }
}

const never = new AbortController().signal

describe('a lane', () => {
  it('takes at once what goes together, in order, up to its bound', async () => {
    const { lane, runs, turn } = laneForTest()
    const first = lane.enter([1], never)
    const rest = [...lane.enter([3, 5, 7], never), ...lane.enter([2], never)]
    expect(runs.map(({ items }) => items)).toEqual([[1]])
    runs[0].end()
    await turn()
    expect(runs[1].items).toEqual([3, 5, 7])
    runs[1].end()
    await turn()
    runs[2].end()
    expect(await Promise.all([...first, ...rest])).toEqual([1, 3, 5, 7, 2].map((item) => `answer ${item}`))
  })

  it('takes all or none, and says that it is full', () => {
    const { lane } = laneForTest()
    void lane.enter([1], never)
    void lane.enter([1, 1, 1], never)
    const full = expect.objectContaining({ code: 'PREDICTIONS_BUSY', kind: 'transient' })
    expect(() => lane.enter([1, 1], never)).toThrow(full)
    expect(lane.waiting()).toBe(3)
    void lane.enter([1], never)
    expect(() => lane.enter([1], never)).toThrow(full)
  })

  it('forgets what waits when its client goes, and stops work that nobody waits for', async () => {
    const { lane, runs, turn } = laneForTest({ atOnce: 1 })
    const client = new AbortController()
    const [running] = lane.enter([1], client.signal)
    const [waiting] = lane.enter([3], client.signal)
    const [other] = lane.enter([5], never)
    client.abort()
    const gone = expect.objectContaining({ code: 'PREDICTION_CANCELLED', kind: 'gone' })
    await expect(running).rejects.toEqual(gone)
    await expect(waiting).rejects.toEqual(gone)
    expect(runs[0].signal.aborted).toBe(true)
    expect(lane.waiting()).toBe(1)
    runs[0].end(new Error('stopped'))
    await turn()
    expect(runs.map(({ items }) => items)).toEqual([[1], [5]])
    expect(runs[1].signal.aborted).toBe(false)
    runs[1].end()
    expect(await other).toBe('answer 5')
  })

  it('goes on with work that somebody else still waits for', async () => {
    const { lane, runs, turn } = laneForTest()
    void lane.enter([2], never)
    const client = new AbortController()
    const [left] = lane.enter([1], client.signal)
    const [stays] = lane.enter([3], never)
    runs[0].end()
    await turn()
    expect(runs[1].items).toEqual([1, 3])
    client.abort()
    await expect(left).rejects.toMatchObject({ code: 'PREDICTION_CANCELLED' })
    expect(runs[1].signal.aborted).toBe(false)
    runs[1].end()
    expect(await stays).toBe('answer 3')
  })

  it('gives up what takes too long, waiting and work together', async () => {
    vi.useFakeTimers()
    try {
      const { lane, runs } = laneForTest({ timeoutMs: 500 })
      const results = Promise.allSettled([...lane.enter([1], never), ...lane.enter([2], never)])
      await vi.advanceTimersByTimeAsync(501)
      for (const result of await results)
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'PREDICTION_TIMEOUT', kind: 'transient' } })
      expect(runs[0].signal.aborted).toBe(true)
      expect(lane.waiting()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('tells all that were taken together of a failure, and goes on', async () => {
    const { lane, runs, turn } = laneForTest()
    const [first] = lane.enter([1], never)
    const [second] = lane.enter([2], never)
    runs[0].end(new Error('the thread was lost'))
    await expect(first).rejects.toThrow('the thread was lost')
    await turn()
    runs[1].end()
    expect(await second).toBe('answer 2')
  })

  it('takes nothing of a client that has gone already', () => {
    const { lane, runs } = laneForTest()
    expect(() => lane.enter([1], AbortSignal.abort())).toThrow(expect.objectContaining({ kind: 'gone' }))
    expect(runs).toEqual([])
  })
})
