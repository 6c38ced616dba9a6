import type { Evaluation } from '@ser/contracts'

export type Mistake = { readonly truth: string; readonly predicted: string; readonly count: number }

/** The most frequent cells off the diagonal, largest first. */
export function commonMistakes(
  { labels, confusion }: Pick<Evaluation, 'labels' | 'confusion'>,
  limit: number,
): Mistake[] {
  return confusion
    .flatMap((row, truth) =>
      row.map((count, predicted) => ({
        truth: labels[truth],
        predicted: labels[predicted],
        count,
        wrong: truth !== predicted,
      })),
    )
    .filter(({ count, wrong }) => wrong && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, limit)
    .map(({ truth, predicted, count }) => ({ truth, predicted, count }))
}
