export type ValueError = {
  readonly name: string
  /** The largest difference over the recordings. */
  readonly error: number
  /** The same in standard deviations of the reference's value over the recordings. */
  readonly deviations: number
  /** Where it is. */
  readonly recording: number
}

/** The largest error of each value over all recordings. */
export function measureErrors(
  names: readonly string[],
  actual: readonly Float32Array[],
  expected: readonly Readonly<Record<string, number>>[],
): ValueError[] {
  return names.map((name, place) => {
    const wanted = expected.map((values) => values[name])
    const differences = wanted.map((value, recording) => Math.abs(actual[recording][place] - value))
    // What is not a number is the largest error of all.
    const recording = differences.reduce((worst, each, index) => (each <= differences[worst] ? worst : index), 0)
    const error = differences[recording]
    return { name, error, deviations: error === 0 ? 0 : error / spreadOf(wanted), recording }
  })
}

function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}
