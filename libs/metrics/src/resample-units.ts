/** An integer in [0, bound), every one as likely as the other. */
export type DrawBelow = (bound: number) => number

/** What is drawn as one: `members` lists the rows of unit 0, then those of unit 1 and so on; unit i begins at `starts[i]`. */
export type Units = { readonly members: Int32Array; readonly starts: Int32Array; readonly count: number }

/** Each row a unit of its own. */
export function rowUnits(rows: number): Units {
  const starts = Int32Array.from({ length: rows + 1 }, (_, index) => index)
  return { members: starts.subarray(0, rows), starts, count: rows }
}

/** All rows of a group (a speaker) as one unit. */
export function groupUnits(groups: readonly string[]): Units {
  const rowsOf = new Map<string, number[]>()
  for (const [row, name] of groups.entries()) {
    const rows = rowsOf.get(name)
    if (rows === undefined) rowsOf.set(name, [row])
    else rows.push(row)
  }
  const members = Int32Array.from([...rowsOf.values()].flat())
  const starts = new Int32Array(rowsOf.size + 1)
  for (const [index, rows] of [...rowsOf.values()].entries()) starts[index + 1] = starts[index] + rows.length
  return { members, starts, count: rowsOf.size }
}

/** Draws as many units as there are, with replacement, and hands over every row of each. */
export function drawRows({ members, starts, count }: Units, below: DrawBelow, take: (row: number) => void): void {
  for (let drawn = 0; drawn < count; drawn++) {
    const unit = below(count)
    for (let at = starts[unit]; at < starts[unit + 1]; at++) take(members[at])
  }
}

/** The value below which a share `p` of the sorted values lies, between neighbours in proportion (numpy's default, type 7). */
export function quantile(sorted: Float64Array, p: number): number {
  const place = p * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}
