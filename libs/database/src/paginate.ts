/** A part of a list; `nextCursor` is null on the last one. */
export type Page<Item> = { readonly items: Item[]; readonly nextCursor: string | null }

export type PageRequest = {
  /** At most so many items. */
  readonly limit: number
  readonly cursor?: string | undefined
}

/** Makes a page of rows of which one more than `limit` was asked for: that one only says that there is a next page. */
export function paginate<Row, Item>(
  rows: readonly Row[],
  limit: number,
  read: { readonly item: (row: Row) => Item; readonly cursor: (row: Row) => string },
): Page<Item> {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  const nextCursor = rows.length > limit && last !== undefined ? read.cursor(last) : null
  return { items: kept.map((row) => read.item(row)), nextCursor }
}
