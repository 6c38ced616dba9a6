import Table from 'cli-table3'

/** Where a command writes: results to standard output, everything about the way there to standard error. */
export type Terminal = {
  /** One JSON document on standard output instead of tables and text. */
  readonly json: boolean
  /** Progress bars rather than lines. */
  readonly interactive: boolean
  readonly columns: number
  readonly print: (text: string) => void
  /** For a person; silent with --json. */
  readonly say: (text: string) => void
}

export function createTerminal(json: boolean): Terminal {
  return {
    json,
    interactive: !json && process.stderr.isTTY,
    columns: Math.max(48, Math.min(process.stdout.columns ?? 100, 160)),
    print: (text) => void process.stdout.write(`${text}\n`),
    say: (text) => {
      if (!json) process.stderr.write(`${text}\n`)
    },
  }
}

/** Prints a result: as JSON, or as the lines that `render` makes of it. */
export function printResult<T>(terminal: Terminal, result: T, render: (result: T) => readonly string[]): void {
  if (terminal.json) terminal.print(JSON.stringify(result))
  else for (const line of render(result)) terminal.print(line)
}

/** A table without lines between rows; numbers stand on the right. */
export function renderTable(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string[] {
  if (rows.length === 0) return ['none']
  const blank = Object.fromEntries(
    ['top', 'bottom', 'left', 'right', 'mid', 'middle'].flatMap((side) =>
      [side, `${side}-mid`, `${side}-left`, `${side}-right`, `mid-${side}`, `left-${side}`, `right-${side}`].map(
        (name) => [name, ''],
      ),
    ),
  )
  const table = new Table({
    head: [...head],
    chars: { ...blank, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_, column) => (rows.every((row) => typeof row[column] === 'number') ? 'right' : 'left')),
  })
  for (const row of rows) table.push(row.map((cell) => (cell === null ? '-' : String(cell))))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}
