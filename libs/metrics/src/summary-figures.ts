import { classFigures, share, sum } from './class-figures.ts'

type Confusion = readonly (readonly number[])[]

/** The share of recordings on the diagonal, 0 to 1; 0 of none. */
export function accuracy(confusion: Confusion): number {
  return share(sum(confusion.map((row, index) => row[index])), sum(confusion.map(sum)))
}

/**
 * Unweighted average recall: the mean of the recalls of the classes that occur, so that a rare class counts as much as a
 * frequent one. A class without a recording is left out (scikit-learn's `balanced_accuracy_score`); 0 when nothing occurs.
 */
export function unweightedAverageRecall(confusion: Confusion): number {
  const occurring = figures(confusion).filter(({ support }) => support > 0)
  return share(sum(occurring.map(({ recall }) => recall)), occurring.length)
}

/**
 * Macro F1: the mean of the classes' F1 over the classes that occur or are predicted, scikit-learn's
 * `f1_score(average='macro')`; 0 when nothing occurs.
 */
export function macroF1(confusion: Confusion): number {
  const involved = figures(confusion).filter(
    ({ support }, index) => support + sum(confusion.map((row) => row[index])) > 0,
  )
  return share(sum(involved.map(({ f1 }) => f1)), involved.length)
}

function figures(confusion: Confusion) {
  return classFigures(
    confusion,
    confusion.map((_row, index) => String(index)),
  )
}
