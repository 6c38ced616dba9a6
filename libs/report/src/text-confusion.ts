import type { Evaluation } from '@ser/contracts'

/**
 * The confusion matrix as lines of plain text, true labels down, predicted labels across, with the recall of each class.
 * Column names are shortened until every line fits `width` columns; zeros are dots, so that mistakes stand out.
 */
export function confusionTable(
  { labels, confusion }: Pick<Evaluation, 'labels' | 'confusion'>,
  { width }: { width: number },
): string[] {
  const rowName = Math.max(4, ...labels.map((label) => label.length))
  const recallWidth = 8
  const widestCount = Math.max(...confusion.flat().map((count) => String(count).length), 1)
  const room = Math.floor((width - rowName - recallWidth) / Math.max(1, labels.length)) - 1
  const column = Math.max(widestCount, Math.min(Math.max(...labels.map((label) => label.length)), room))
  const head = ''.padEnd(rowName) + labels.map((label) => ` ${label.slice(0, column).padStart(column)}`).join('')
  const rows = confusion.map((row, index) => {
    const total = row.reduce((sum, count) => sum + count, 0)
    const recall = total === 0 ? '-' : `${((100 * row[index]) / total).toFixed(1)} %`
    const cells = row.map((count) => ` ${(count === 0 ? '·' : String(count)).padStart(column)}`)
    return labels[index].padEnd(rowName) + cells.join('') + recall.padStart(recallWidth)
  })
  return [`${head}${'recall'.padStart(recallWidth)}`, ...rows]
}
