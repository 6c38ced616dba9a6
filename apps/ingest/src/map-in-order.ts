export type ReadAhead<Item> = {
  /** Items worked on at once. */
  readonly most: number
  /** What those may weigh together; a heavier one goes alone. */
  readonly budget: number
  readonly weigh: (item: Item) => number
  /** Each item's work ends before the next item is asked for. */
  readonly sequential: boolean
}

/** Works on some items at once and gives the results in the order of the items, whichever is done first. */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
  { most, budget, weigh, sequential }: ReadAhead<Item>,
): AsyncGenerator<Result, void, undefined> {
  const running: { result: Promise<Result>; weight: number }[] = []
  let load = 0
  const oldest = async (): Promise<Result> => {
    const { result, weight } = running.shift()!
    load -= weight
    return await result
  }
  const isFull = (weight: number) => running.length > 0 && (running.length >= most || load + weight > budget)
  for await (const item of items) {
    const weight = weigh(item)
    while (isFull(weight)) yield await oldest()
    const result = work(item)
    // Whoever awaits it gets the error; until then it must not end the process as unhandled.
    result.catch(() => {})
    running.push({ result, weight })
    load += weight
    if (sequential) await result
  }
  while (running.length > 0) yield await oldest()
}

/** Runs `work` on every item, some at once. After an error no further item is begun; it is thrown when what runs has ended. */
export async function forEachAtOnce<Item>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const errors: unknown[] = []
  const waiting = items.toReversed()
  const lane = async () => {
    while (waiting.length > 0 && errors.length === 0) {
      try {
        await work(waiting.pop()!)
      } catch (error) {
        errors.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane))
  if (errors.length > 0) throw errors[0]
}
