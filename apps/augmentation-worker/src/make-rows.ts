import { createRowExtractor } from '@ser/features'
import { selectFeatures, type ModelDescription } from '@ser/model'

/**
 * Turns a recording, at the sample rate of the model's features, into what the model sees of it: one row of values, or in the layout
 * `frames` one a frame.
 */
export function createRowMaker({
  features,
}: Pick<ModelDescription, 'features'>): (samples: Float32Array) => Float32Array {
  const { spec, groups } = features
  const toRows = createRowExtractor(spec)
  return (samples) => selectFeatures(toRows(samples), spec, groups)
}
