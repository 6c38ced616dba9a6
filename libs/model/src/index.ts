export { buildModel, type BuildOptions, type Model } from './build-model.ts'
export type { Architecture } from './describe-architecture.ts'
export { exportTfjsModel, type TfjsModelFiles } from './export-tfjs-model.ts'
export type { Examples } from './batch-examples.ts'
export { fitMembers, type FitMembersOptions, type MemberFit } from './fit-members.ts'
export { fitModel, type EpochFigures, type FitOptions, type FitResult, type Renewal } from './fit-model.ts'
export { loadTensorflow, type LoadedTensorflow, type LoadOptions, type Tensorflow } from './load-tensorflow.ts'
export { disposeMembers, needsSpeakers, predictMembers, type Ensemble, type Member } from './members.ts'
export {
  fileNeedsSpeakers,
  loadMembers,
  loadModel,
  saveMembers,
  saveModel,
  type ModelDescription,
} from './model-file.ts'
export { createRowMaker, joinRows, type MemberRows } from './make-rows.ts'
export { fitNormalisation, type Inputs, type Normalisation, type NormalisationOptions } from './normalise-inputs.ts'
export type { MemoryUse } from './measure-memory.ts'
export { predictInputs, predictProbabilities } from './predict-probabilities.ts'
export type { SideFigures } from './score-logits.ts'
export { selectedLength, selectFeatures } from './select-features.ts'
export { SPEAKER_DEFAULTS, type SpeakerNormalisation } from './normalise-speakers.ts'
