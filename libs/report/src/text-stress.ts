import type { StressEvaluation, StressResult } from '@ser/contracts'
import { describeCondition } from './describe-condition.ts'

type Evaluated = Pick<StressEvaluation, 'results'>

const HEADS = ['condition', 'accuracy', '95 %', 'UAR', '95 %'] as const

/** The figures of a stress evaluation as lines of text, one a condition. */
export function stressTable({ results }: Evaluated): string[] {
  const rows = [[...HEADS], ...results.map(cells)]
  const widths = HEADS.map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  )
}

/** The figures of a stress evaluation as a Markdown table, for a model card. */
export function stressMarkdown({ results }: Evaluated): string {
  const rule = HEADS.map((_, column) => (column === 0 ? '---' : '---:'))
  return [line(HEADS), line(rule), ...results.map((result) => line(cells(result)))].join('\n')
}

function line(row: readonly string[]): string {
  return `| ${row.join(' | ')} |`
}

function cells({ condition, accuracy, uar, intervals }: StressResult): string[] {
  const span = ({ low, high }: { readonly low: number; readonly high: number }) => `${number(low)} to ${number(high)}`
  return [describeCondition(condition), number(accuracy), span(intervals.accuracy), number(uar), span(intervals.uar)]
}

function number(share: number): string {
  return (share * 100).toFixed(1)
}
