import type { Evaluation } from '@ser/contracts'
import { percent } from './format-numbers.ts'

/** `95 %: 96.1 to 98.4 %`, of recordings; empty for what was evaluated without intervals. */
export function describeInterval(evaluation: Evaluation, figure: 'accuracy' | 'uar' | 'macroF1'): string {
  const found = evaluation.intervals?.find(({ over }) => over === 'recordings')
  return found === undefined ? '' : `${percent(found.level, 0)}: ${span(found[figure])}`
}

/** `96.1 to 98.4 %` */
export function span({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${(low * 100).toFixed(1)} to ${percent(high)}`
}
