/** What one turn may take on. */
export type TurnLimits = {
  /** Turns that run at once. */
  readonly turns: number
  readonly items: number
  readonly bytes: number
  /** How long an item waits for company while a turn is free. */
  readonly patienceMs: number
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
  readonly since: number
  readonly resolve: (result: Result) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Gathers items that come one by one into turns. An item waits while every turn is taken, or for `patienceMs`, unless
 * there is a whole turn before.
 *
 * @param work the results in the order of the items; when it rejects, all items of the turn do
 */
export function gatherTurns<Item extends TurnItem, Result>(
  limits: TurnLimits,
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = []
  let running = 0
  let timer: NodeJS.Timeout | undefined

  function beginTurn(): void {
    if (running === limits.turns || waiting.length === 0) return
    const patienceLeft = waiting[0].since + limits.patienceMs - performance.now()
    if (patienceLeft > 0 && !isTurn(waiting, limits)) {
      timer ??= setTimeout(() => {
        timer = undefined
        beginTurn()
      }, patienceLeft)
      return
    }
    running += 1
    void runTurn(waiting.splice(0, countForTurn(waiting, limits)))
  }

  async function runTurn(taken: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await work(taken.map(({ item }) => item))
      for (const [index, { resolve }] of taken.entries()) resolve(results[index])
    } catch (error) {
      for (const { reject } of taken) reject(error)
    }
    running -= 1
    beginTurn()
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, since: performance.now(), resolve, reject })
      beginTurn()
    })
}

/** Whether the next turn would not become larger by waiting. */
function isTurn(waiting: readonly { readonly item: TurnItem }[], limits: TurnLimits): boolean {
  if (waiting.length >= limits.items || waiting.some(({ item }) => item.alone === true)) return true
  return waiting.reduce((sum, { item }) => sum + item.bytes.length, 0) >= limits.bytes
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
