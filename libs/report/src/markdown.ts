/** Text as a Markdown table's cell: nothing in it ends the cell or the row, or is taken for markup. */
export function markdownCell(text: string | number): string {
  return String(text)
    .replaceAll(/[\\|`*_<[\]]/g, String.raw`\$&`)
    .replaceAll(/\s+/g, ' ')
}

/** A Markdown table; columns of numbers stand on the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const rule = head.map((_, column) =>
    rows.every((row) => /^[\d.]+( %)?$/.test(String(row[column]))) ? '---:' : '---',
  )
  return [head, rule, ...rows.map((row) => row.map(markdownCell))].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
