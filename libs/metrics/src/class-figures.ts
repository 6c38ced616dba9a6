/** One class's figures; shares are 0 to 1. */
export type ClassFigures = {
  readonly label: string
  /** How many recordings of this class there are. */
  readonly support: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/**
 * Precision, recall and F1 of every class of a confusion matrix.
 * Where a ratio is 0/0 (a class that never occurs, or is never predicted) it is 0, as scikit-learn's `zero_division=0`.
 *
 * @param confusion square, `confusion[true][predicted]`
 * @param labels the classes' names, in the matrix' order
 */
export function classFigures(confusion: readonly (readonly number[])[], labels: readonly string[]): ClassFigures[] {
  if (labels.length !== confusion.length) {
    throw new RangeError(`${labels.length} labels for ${confusion.length} classes`)
  }
  return labels.map((label, index) => {
    const hits = confusion[index][index]
    const support = sum(confusion[index])
    const predicted = sum(confusion.map((row) => row[index]))
    return {
      label,
      support,
      precision: share(hits, predicted),
      recall: share(hits, support),
      // 2PR / (P + R), written in counts so that it has one 0/0 instead of three.
      f1: share(2 * hits, support + predicted),
    }
  })
}

/** The sum of numbers; 0 of none. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** `part / whole`, and 0 for 0/0. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
