import { createExtractor } from './create-extractor.ts'
import type { FeatureSpec } from './feature-spec.ts'
import { joinFrameGroups } from './join-frame-groups.ts'

/**
 * Makes what a model sees of a recording, whatever its features: one row of values, or with pooling `frames` one a frame.
 *
 * @returns row-major [rows][F]
 * @throws FeatureError as `createExtractor`; the extractor as `extractFeatures`
 */
export function createRowExtractor(spec: FeatureSpec): (samples: Float32Array) => Float32Array {
  if (spec.pooling === 'mean') {
    const extractor = createExtractor(spec)
    return (samples) => extractor.extract(samples)
  }
  const extractor = createExtractor(spec)
  return (samples) => joinFrameGroups(extractor.extractFrames(samples))
}
