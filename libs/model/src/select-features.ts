import { featureLength, featureRanges, type FeatureGroup, type FeatureSpec } from '@ser/contracts'

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
  const ranges = groups.map((group) => featureRanges(spec)[group])
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
  const ranges = featureRanges(spec)
  return groups.reduce((total, group) => total + ranges[group][1] - ranges[group][0], 0)
}
