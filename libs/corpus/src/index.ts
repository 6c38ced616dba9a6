export { assertNoLeak } from './assert-no-leak.ts'
export { corpusError, type CorpusErrorCode } from './errors.ts'
export { ignoreReason } from './ignore-file.ts'
export {
  manifestKey,
  parseManifest,
  type Manifest,
  type ManifestRejection,
  type ManifestRow,
} from './parse-manifest.ts'
export { parseCremaDPath } from './parse-crema-d-path.ts'
export { parseEmoDbPath } from './parse-emo-db-path.ts'
export { parseRavdessPath } from './parse-ravdess-path.ts'
export { parseSaveePath } from './parse-savee-path.ts'
export { parseTessPath } from './parse-tess-path.ts'
export { parseUnlabelledPath, UNLABELLED } from './parse-unlabelled-path.ts'
export { parsePath } from './path-layouts.ts'
export { createRandom, shuffled, type Random } from './random.ts'
export { readLabel } from './read-label.ts'
export { snapshotHash } from './snapshot-hash.ts'
export { LEFT_OUT, TEST_SIDE, TRAIN_SIDE } from './sides.ts'
export { splitClips, type Split, type SplitItem } from './split-clips.ts'
export { splitValidation } from './split-validation.ts'
export type { ClipLabel, LabelRejection, ManifestSplit, PathVerdict, RejectionCode } from './verdict.ts'
export { seedFrom } from './seed-from.ts'
export { synthesiseRecording, type SyntheticRecording } from './synthesise-recording.ts'
export {
  syntheticCorpus,
  syntheticCorpusPlan,
  type SyntheticCorpusOptions,
  type SyntheticFile,
} from './synthetic-corpus.ts'
