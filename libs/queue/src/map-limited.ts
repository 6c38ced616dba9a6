/**
 * Works on the items of a job, at most `limit` at once; results are in the order of the items. After an error no further item is
 * begun; it rejects with the first one when what runs has ended.
 */
export async function mapLimited<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  const errors: unknown[] = []
  const takeTurns = async () => {
    // The lanes share one iterator, so each takes whatever item is next.
    for (const [index, item] of queue) {
      if (errors.length > 0) return
      try {
        results[index] = await work(item)
      } catch (error) {
        errors.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, takeTurns))
  if (errors.length > 0) throw errors[0]
  return results
}
