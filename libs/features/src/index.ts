export { createExtractor } from './create-extractor.ts'
export { decodeMatrix, readMatrixShape } from './decode-matrix.ts'
export { encodeMatrix, type MatrixColumns } from './encode-matrix.ts'
export { createRowExtractor, createRowExtractors } from './create-row-extractor.ts'
export { FeatureError, type FeatureErrorCode } from './errors.ts'
export { extractFeatures, extractFrames } from './extract-features.ts'
export { type Extractor, type FeatureFrames, type VectorExtractor } from './extractor.ts'
export { joinFrameGroups } from './join-frame-groups.ts'
export { createReferenceExtractor } from './reference-extractor.ts'
export {
  EXTRACTOR_VERSION,
  defaultFeatureSpec,
  extractorVersion,
  featureNames,
  type FeatureSpec,
  type LibrosaSpec,
} from './feature-spec.ts'
export { createStreamingExtractor, type StreamingExtractor, type StreamingOptions } from './streaming-extractor.ts'
export {
  VOICE_EXTRACTOR_VERSION,
  defaultVoiceBlocksSpec,
  defaultVoiceSpec,
  type VoiceSpec,
} from './voice/voice-spec.ts'
export { voiceBlockGroups } from './voice/voice-blocks.ts'
export { voiceGroups, type VoiceGroup } from './voice/voice-values.ts'
