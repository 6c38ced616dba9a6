import { featureLength } from '@ser/contracts'
import { createExtractor, type FeatureFrames } from '@ser/features'
import { selectFeatures, type ModelDescription } from '@ser/model'

/**
 * Turns a recording, at the sample rate of the model's features, into what the model sees of it: one row of values, or in the layout
 * `frames` one a frame.
 */
export function createRowMaker({
  features,
}: Pick<ModelDescription, 'features'>): (samples: Float32Array) => Float32Array {
  const { spec, groups } = features
  const extractor = createExtractor(spec)
  const width = featureLength(spec)
  const all = (samples: Float32Array) =>
    spec.pooling === 'mean' ? extractor.extract(samples) : joinGroups(extractor.extractFrames(samples), width)
  return (samples) => selectFeatures(all(samples), spec, groups)
}

/** The groups of each frame side by side, in the order of a stored vector. */
function joinGroups({ frameCount, mel, mfcc, zcr, rms }: FeatureFrames, width: number): Float32Array {
  const rows = new Float32Array(frameCount * width)
  let place = 0
  for (const group of [mel, mfcc, zcr, rms]) {
    const size = group.length / frameCount
    for (let frame = 0; frame < frameCount; frame++) {
      rows.set(group.subarray(frame * size, (frame + 1) * size), frame * width + place)
    }
    place += size
  }
  return rows
}
