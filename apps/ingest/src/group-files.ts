/** Divides a sequence into groups of at most `most` items that together weigh at most `budget`; a heavier one is alone. */
export async function* groupFiles<Item>(
  items: AsyncIterable<Item>,
  { most, budget, weigh }: { readonly most: number; readonly budget: number; readonly weigh: (item: Item) => number },
): AsyncGenerator<Item[], void, undefined> {
  let group: Item[] = []
  let weight = 0
  for await (const item of items) {
    const added = weigh(item)
    if (group.length > 0 && (group.length >= most || weight + added > budget)) {
      yield group
      group = []
      weight = 0
    }
    group.push(item)
    weight += added
  }
  if (group.length > 0) yield group
}
