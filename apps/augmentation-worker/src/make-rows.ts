import { createRowExtractors } from '@ser/features'
import { selectFeatures, type Ensemble } from '@ser/model'

/**
 * Turns a recording, at the sample rate of the model's features, into what each network of the model sees of it: one row of values,
 * or in the layout `frames` one a frame. Networks share what is computed of the same features.
 */
export function createRowMaker({ members }: Pick<Ensemble, 'members'>): (samples: Float32Array) => Float32Array[] {
  const features = members.map((member) => member.features)
  const toRows = createRowExtractors(features.map(({ spec }) => spec))
  return (samples) =>
    toRows(samples).map((rows, member) => {
      const { spec, groups } = features[member]
      return selectFeatures(rows, spec, groups)
    })
}
