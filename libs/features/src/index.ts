export { FeatureError, type FeatureErrorCode } from './errors.ts'
export { createExtractor, type Extractor, type FeatureFrames } from './create-extractor.ts'
export { extractFeatures, extractFrames } from './extract-features.ts'
export { EXTRACTOR_VERSION, defaultFeatureSpec, featureNames, type FeatureSpec } from './feature-spec.ts'
