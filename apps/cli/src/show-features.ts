import { featureProgressSchema } from '@ser/contracts'
import type { Progress } from './show-progress.ts'

/** A bar of the feature vectors of a dataset; takes the values of `features` events. */
export function showFeatures(progress: Progress): (value: unknown) => void {
  const bar = progress.bar('features')
  return (value) => {
    const { clips, vectors, failed } = featureProgressSchema.parse(value)
    bar.update(vectors + failed, clips, failed === 0 ? '' : `${failed} without a vector`)
  }
}
