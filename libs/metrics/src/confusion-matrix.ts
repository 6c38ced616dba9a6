/**
 * Counts of (true class, predicted class).
 *
 * @param truth class indices, one a recording, 0 to `classes - 1`
 * @param predicted the predicted indices, as many
 * @returns `classes` rows of `classes` counts: `confusion[true][predicted]` (scikit-learn's orientation)
 * @throws RangeError when the lengths differ or an index is not a class
 */
export function confusionMatrix(truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): number[][] {
  if (truth.length !== predicted.length) {
    throw new RangeError(`${truth.length} true labels, but ${predicted.length} predictions`)
  }
  const confusion = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0))
  for (let i = 0; i < truth.length; i++) {
    confusion[classIndex(truth[i], classes)][classIndex(predicted[i], classes)] += 1
  }
  return confusion
}

function classIndex(index: number, classes: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= classes) {
    throw new RangeError(`class ${index} is not one of 0 to ${classes - 1}`)
  }
  return index
}
