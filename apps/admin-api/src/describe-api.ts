import {
  augmentRequestSchema,
  augmentationSchema,
  clipModelSchema,
  clipSchema,
  clipVariantSchema,
  comparisonSchema,
  datasetSchema,
  defaultModelSchema,
  epochSchema,
  evaluationSchema,
  experimentSchema,
  featureProgressSchema,
  featureSetSchema,
  featureSpecSchema,
  ingestRequestSchema,
  ingestionSchema,
  modelVersionDetailSchema,
  modelVersionSchema,
  predictionBatchSchema,
  predictionSchema,
  problemSchema,
  promotionGateSchema,
  promotionRequestSchema,
  queueCountsSchema,
  reconcileReportSchema,
  registeredModelSchema,
  registeredVersionSchema,
  registryChangeSchema,
  rejectionSchema,
  rollbackRequestSchema,
  runSchema,
  runSpecSchema,
  runSummarySchema,
  stressEvaluationSchema,
  stressRequestSchema,
  stressResultSchema,
  timelineSchema,
  versionClipSchema,
} from '@ser/contracts'
import type { SwaggerOptions } from '@fastify/swagger'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { completeDocument } from './complete-document.ts'

const COMPONENTS = {
  AugmentRequest: augmentRequestSchema,
  Augmentation: augmentationSchema,
  Clip: clipSchema,
  ClipModel: clipModelSchema,
  ClipVariant: clipVariantSchema,
  Comparison: comparisonSchema,
  Dataset: datasetSchema,
  DefaultModel: defaultModelSchema,
  Epoch: epochSchema,
  Evaluation: evaluationSchema,
  Experiment: experimentSchema,
  FeatureProgress: featureProgressSchema,
  FeatureSet: featureSetSchema,
  FeatureSpec: featureSpecSchema,
  IngestRequest: ingestRequestSchema,
  Ingestion: ingestionSchema,
  Model: registeredModelSchema,
  ModelVersion: modelVersionSchema,
  ModelVersionDetail: modelVersionDetailSchema,
  Prediction: predictionSchema,
  PredictionBatch: predictionBatchSchema,
  Timeline: timelineSchema,
  Problem: problemSchema,
  PromotionGate: promotionGateSchema,
  PromotionRequest: promotionRequestSchema,
  QueueCounts: queueCountsSchema,
  ReconcileReport: reconcileReportSchema,
  RegisteredVersion: registeredVersionSchema,
  RegistryChange: registryChangeSchema,
  Rejection: rejectionSchema,
  RollbackRequest: rollbackRequestSchema,
  Run: runSchema,
  RunSpec: runSpecSchema,
  RunSummary: runSummarySchema,
  VersionClip: versionClipSchema,
  StressEvaluation: stressEvaluationSchema,
  StressRequest: stressRequestSchema,
  StressResult: stressResultSchema,
} as const

const TAGS = [
  { name: 'ingestions', description: 'Take recordings in.' },
  { name: 'augmentations', description: 'Make variants of recordings: noise, rooms, microphones, voices.' },
  { name: 'datasets', description: 'What was taken in, what was not, and how far its features are.' },
  { name: 'runs', description: 'Train, watch and evaluate.' },
  { name: 'experiments', description: 'Runs that belong together, and runs side by side.' },
  { name: 'models', description: 'What runs have made, by name and version.' },
  { name: 'predictions', description: 'A recording in, seven probabilities out.' },
  { name: 'operations', description: 'Queues, reconciliation, health and metrics.' },
]

/** The OpenAPI 3.1 document, made from the routes' own schemas. */
export function describeApi(): SwaggerOptions {
  const schemaRegistry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(COMPONENTS)) schemaRegistry.add(schema, { id })
  const toDocument = createJsonSchemaTransformObject({ schemaRegistry })
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'ser admin API',
        version: '1',
        description:
          'Speech emotion recognition: ingest recordings, train models, watch both, and predict. Errors are RFC 9457 problem details with a `code`.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      tags: TAGS,
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'SER_API_TOKEN of the server.' } },
      },
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: (document) => completeDocument(toDocument(document)),
  }
}
