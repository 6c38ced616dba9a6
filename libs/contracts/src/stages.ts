import { augmentJobSchema } from './augmentations.ts'
import { featureJobSchema, ingestJobSchema, trainJobSchema } from './jobs.ts'
import { evaluateJobSchema } from './stress-evaluations.ts'

/** The stages of the pipeline in one table: the queue's name, what its jobs carry, and how often one is tried. */
export const STAGES = {
  ingest: { queue: 'ingest', payload: ingestJobSchema, attempts: 5 },
  augment: { queue: 'augment', payload: augmentJobSchema, attempts: 8 },
  features: { queue: 'features', payload: featureJobSchema, attempts: 8 },
  train: { queue: 'train', payload: trainJobSchema, attempts: 3 },
  evaluate: { queue: 'evaluate', payload: evaluateJobSchema, attempts: 5 },
} as const

export type StageName = keyof typeof STAGES
export const STAGE_NAMES = [
  'ingest',
  'augment',
  'features',
  'train',
  'evaluate',
] as const satisfies readonly StageName[]
