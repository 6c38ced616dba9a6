import { confusionMatrix } from './confusion-matrix.ts'
import { groupUnits } from './resample-units.ts'
import { accuracy, macroF1, unweightedAverageRecall } from './summary-figures.ts'

export type GroupFigures = {
  readonly name: string
  /** How many recordings the group has. */
  readonly support: number
  readonly accuracy: number
  readonly uar: number
  readonly macroF1: number
}

/**
 * The figures of each group of recordings alone (of a speaker, a dataset, a noise condition), by name. Where groups lack classes, their
 * UAR and macro F1 are over the classes that they have.
 *
 * @param groups the group's name, one a recording
 * @throws RangeError when the lengths differ or an index is not a class
 */
export function groupFigures(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  groups: readonly string[],
  classes: number,
): GroupFigures[] {
  if (groups.length !== truth.length) throw new RangeError(`${groups.length} groups for ${truth.length} recordings`)
  const { members, starts, count } = groupUnits(groups)
  return Array.from({ length: count }, (_, unit) => {
    const rows = members.subarray(starts[unit], starts[unit + 1])
    const confusion = confusionMatrix(pick(truth, rows), pick(predicted, rows), classes)
    return {
      name: groups[rows[0]],
      support: rows.length,
      accuracy: accuracy(confusion),
      uar: unweightedAverageRecall(confusion),
      macroF1: macroF1(confusion),
    }
  }).sort((a, b) => (a.name < b.name ? -1 : 1))
}

function pick(values: ArrayLike<number>, rows: Int32Array): Int32Array {
  return rows.map((row) => values[row])
}
