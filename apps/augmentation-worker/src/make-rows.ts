import { canonicalJson } from '@ser/contracts'
import { createRowExtractor } from '@ser/features'
import { selectFeatures, type Ensemble } from '@ser/model'

/**
 * Turns a recording, at the sample rate of the model's features, into what each network of the model sees of it: one row of values,
 * or in the layout `frames` one a frame. Networks of the same features share what is computed.
 */
export function createRowMaker({ members }: Pick<Ensemble, 'members'>): (samples: Float32Array) => Float32Array[] {
  const extractors = new Map(
    members.map(({ features: { spec } }) => [canonicalJson(spec), createRowExtractor(spec)] as const),
  )
  return (samples) => {
    const rows = new Map(Array.from(extractors, ([key, toRows]) => [key, toRows(samples)]))
    return members.map(({ features: { spec, groups } }) => selectFeatures(rows.get(canonicalJson(spec))!, spec, groups))
  }
}
