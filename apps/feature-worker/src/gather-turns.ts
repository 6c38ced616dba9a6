/** What one turn may take on. */
export type TurnLimits = {
  /** Turns that run at once. */
  readonly turns: number
  readonly items: number
  readonly bytes: number
}

export type TurnItem = {
  readonly bytes: Uint8Array
  /** Only items of the same group share a turn. */
  readonly group: string
  /** Has a turn of its own. */
  readonly alone?: boolean
}

type Waiting<Item, Result> = {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Gathers items while every turn is taken, and gives those that wait to the next one that is free: nothing waits for
 * company, and the busier the turns, the more of them share one.
 *
 * @param work the results in the order of the items; when it rejects, all items of the turn do
 */
export function gatherTurns<Item extends TurnItem, Result>(
  limits: TurnLimits,
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = []
  let running = 0

  async function takeTurns(): Promise<void> {
    running += 1
    while (waiting.length > 0) {
      const taken = waiting.splice(0, countForTurn(waiting, limits))
      try {
        const results = await work(taken.map(({ item }) => item))
        for (const [index, { resolve }] of taken.entries()) resolve(results[index])
      } catch (error) {
        for (const { reject } of taken) reject(error)
      }
    }
    running -= 1
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (running < limits.turns) void takeTurns()
    })
}

/** How many of those that wait longest may share a turn; one at least. */
function countForTurn(waiting: readonly { readonly item: TurnItem }[], limits: TurnLimits): number {
  const [{ item: first }] = waiting
  if (first.alone === true) return 1
  let bytes = 0
  const end = waiting.findIndex(({ item }, index) => {
    bytes += item.bytes.length
    if (index === 0) return false
    return index === limits.items || bytes > limits.bytes || item.group !== first.group || item.alone === true
  })
  return end === -1 ? waiting.length : end
}
