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
