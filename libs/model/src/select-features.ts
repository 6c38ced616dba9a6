import { featureLength, featureRanges, type FeatureGroup, type FeatureRange, type FeatureSpec } from '@ser/contracts'

/**
 * The columns of the named groups out of full vectors, in the order of `groups`: what a model of these groups sees.
 *
 * @param vectors row major, `featureLength(spec)` values a recording
 * @returns row major, as many values a recording as the groups have together
 */
export function selectFeatures(
  vectors: Float32Array,
  spec: FeatureSpec,
  groups: readonly FeatureGroup[],
): Float32Array {
  const length = featureLength(spec)
  const rows = vectors.length / length
  if (!Number.isInteger(rows)) throw new RangeError(`${vectors.length} values are not rows of ${length}`)
  const ranges = rangesOf(spec, groups)
  const width = selectedLength(spec, groups)
  const selected = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) {
    let place = row * width
    for (const [start, end] of ranges) {
      selected.set(vectors.subarray(row * length + start, row * length + end), place)
      place += end - start
    }
  }
  return selected
}

/** How many values a recording has when only these groups are taken. */
export function selectedLength(spec: FeatureSpec, groups: readonly FeatureGroup[]): number {
  return rangesOf(spec, groups).reduce((total, [start, end]) => total + end - start, 0)
}

/** @throws RangeError when features of this spec have no such group */
function rangesOf(spec: FeatureSpec, groups: readonly FeatureGroup[]): FeatureRange[] {
  const ranges = featureRanges(spec)
  return groups.map((group) => {
    const range = ranges[group]
    if (range === undefined) throw new RangeError(`these features have no group ${group}`)
    return range
  })
}
