import { SerError } from '@ser/contracts'

/** How a lane works. `Item` is what waits in it. */
export type LaneOptions<Item, Result> = {
  /** What may wait. */
  readonly most: number
  /** What is taken at once: at most so many, as long as `joins` says that they go together. */
  readonly atOnce: number
  readonly joins: (first: Item, next: Item, taken: readonly Item[]) => boolean
  /** A result for each item, in order. The signal says that nobody waits for any of them any more. */
  readonly run: (items: readonly Item[], signal: AbortSignal) => Promise<readonly Result[]>
  /** Waiting and work together; what takes longer is given up. */
  readonly timeoutMs: number
}

type Entry<Item, Result> = {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

export type Lane<Item, Result> = {
  /**
   * Puts all items into the line, or none: a lane that is full throws PREDICTIONS_BUSY (`transient`). A promise rejects with
   * PREDICTION_TIMEOUT (`transient`) or, when its signal came, PREDICTION_CANCELLED (`gone`).
   */
  readonly enter: (items: readonly Item[], signal: AbortSignal) => Promise<Result>[]
  readonly waiting: () => number
}

/** A bounded line in front of a worker that does one thing at a time, and takes at once what goes together. */
export function createLane<Item, Result>(options: LaneOptions<Item, Result>): Lane<Item, Result> {
  const waiting: Entry<Item, Result>[] = []
  const wanted = new Set<Entry<Item, Result>>()
  let running: { readonly entries: readonly Entry<Item, Result>[]; readonly stop: AbortController } | undefined

  /** Nobody waits for it any more. Work stops when that holds for all that was taken with it. */
  const giveUp = (entry: Entry<Item, Result>, error: SerError): void => {
    if (!wanted.delete(entry)) return
    const at = waiting.indexOf(entry)
    if (at !== -1) waiting.splice(at, 1)
    entry.reject(error)
    if (running !== undefined && !running.entries.some((each) => wanted.has(each))) running.stop.abort()
  }

  const take = (): Entry<Item, Result>[] => {
    const taken = waiting.splice(0, 1)
    while (taken.length < options.atOnce && waiting.length > 0) {
      const items = taken.map(({ item }) => item)
      if (!options.joins(taken[0].item, waiting[0].item, items)) break
      taken.push(...waiting.splice(0, 1))
    }
    return taken
  }

  const work = async (): Promise<void> => {
    if (running !== undefined || waiting.length === 0) return
    const entries = take()
    running = { entries, stop: new AbortController() }
    try {
      const results = await options.run(
        entries.map(({ item }) => item),
        running.stop.signal,
      )
      for (const [index, entry] of entries.entries()) entry.resolve(results[index])
    } catch (error) {
      for (const entry of entries) entry.reject(error)
    } finally {
      for (const entry of entries) wanted.delete(entry)
      running = undefined
    }
    await work()
  }

  const enterOne = (item: Item, signal: AbortSignal): Promise<Result> =>
    new Promise<Result>((resolve, reject) => {
      const entry: Entry<Item, Result> = {
        item,
        resolve: (result) => {
          forget()
          resolve(result)
        },
        reject: (error) => {
          forget()
          reject(error)
        },
      }
      const forget = watchWaiting(options.timeoutMs, signal, (error) => giveUp(entry, error))
      wanted.add(entry)
      waiting.push(entry)
    })

  return {
    enter(items, signal) {
      if (waiting.length + items.length > options.most) throw busyError(waiting.length)
      if (signal.aborted) throw cancelledError()
      const results = items.map((item) => enterOne(item, signal))
      void work()
      return results
    },
    waiting: () => waiting.length,
  }
}

/** Calls `giveUp` when the time is over or the signal comes, until the result of this is called. */
function watchWaiting(timeoutMs: number, signal: AbortSignal, giveUp: (error: SerError) => void): () => void {
  const cancel = () => giveUp(cancelledError())
  const timer = setTimeout(() => giveUp(timeoutError(timeoutMs)), timeoutMs)
  signal.addEventListener('abort', cancel, { once: true })
  return () => {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
  }
}

function busyError(waiting: number): SerError {
  return new SerError('PREDICTIONS_BUSY', `${waiting} predictions wait already; try again in a moment`, {
    kind: 'transient',
  })
}

function timeoutError(timeoutMs: number): SerError {
  const message = `the prediction did not come within ${timeoutMs / 1000} s, because others were before it or because it is long`
  return new SerError('PREDICTION_TIMEOUT', message, { kind: 'transient' })
}

function cancelledError(): SerError {
  return new SerError('PREDICTION_CANCELLED', 'the client has gone', { kind: 'gone' })
}
