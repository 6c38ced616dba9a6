export { canonicalJson, contentHash } from './canonical-json.ts'
export { EMOTIONS, emotionIndex, type Emotion } from './emotions.ts'
export { SerError, failureKind, type FailureKind, type SerErrorOptions } from './errors.ts'
export {
  FEATURE_GROUPS,
  featureLength,
  featureRanges,
  featureSetId,
  featureSpecSchema,
  type FeatureGroup,
  type FeatureSet,
  type FeatureSpec,
} from './feature-sets.ts'
export {
  featureJobSchema,
  ingestJobSchema,
  ingestRequestSchema,
  layoutSchema,
  sourceSchema,
  trainJobSchema,
  type FeatureJob,
  type IngestJob,
  type IngestRequest,
  type Layout,
  type Source,
  type TrainJob,
} from './jobs.ts'
export { idSchema, nameSchema, sha256Schema } from './names.ts'
export {
  classFiguresSchema,
  clipSchema,
  datasetSchema,
  epochSchema,
  evaluationSchema,
  featureProgressSchema,
  featureSetSchema,
  ingestionSchema,
  modelVersionSchema,
  predictionSchema,
  problemSchema,
  queueCountsSchema,
  reconcileReportSchema,
  rejectionSchema,
  runSchema,
  type Clip,
  type Dataset,
  type Epoch,
  type Evaluation,
  type FeatureProgress,
  type FeatureSetResource,
  type Ingestion,
  type ModelVersion,
  type Prediction,
  type Problem,
  type QueueCounts,
  type ReconcileReport,
  type Rejection,
  type Run,
} from './resources.ts'
export {
  SCENARIOS,
  runSpecHash,
  runSpecSchema,
  splitSpecSchema,
  type RunSpec,
  type RunSpecInput,
  type SplitSpec,
} from './run-specs.ts'
export { STAGES, STAGE_NAMES, type StageName } from './stages.ts'
