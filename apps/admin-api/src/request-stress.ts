import { randomUUID } from 'node:crypto'
import { planStress } from '@ser/augmentation'
import { SerError, type StressEvaluation, type StressRequest } from '@ser/contracts'
import {
  createStressEvaluation,
  findTrainingResources,
  getModelVersion,
  getStressEvaluation,
  type Database,
} from '@ser/database'
import type { Queues } from '@ser/queue'
import { readResources } from './choose-resources.ts'

export type RequestStressDeps = { readonly db: Database; readonly queues: Pick<Queues, 'enqueueEvaluate'> }

/** Named in a refusal; the first ones say where to look. */
const NAMED_AT_MOST = 20

/**
 * Writes down that a model version is to be evaluated under stress, and enqueues the job. Row first: should Redis be away, reconcile finds it.
 *
 * @throws SerError MODEL_VERSION_NOT_FOUND, DATASET_NOT_FOUND (gone), RESOURCES_... , STRESS_HEARD_BEFORE (bad-input)
 */
export async function requestStress(
  { db, queues }: RequestStressDeps,
  chosen: { readonly model: string; readonly version: number },
  request: StressRequest,
): Promise<StressEvaluation> {
  const { model, version, runId } = await getModelVersion(db, chosen)
  const members: Record<string, string[]> = {}
  for (const [group, choice] of Object.entries(request.resources)) {
    if (choice !== undefined) members[group] = await readResources(db, group, choice)
  }
  const recordings = (members['noise'] ?? []).length > 0
  const { noises, snrDb, rt60Seconds, telephone, clippingPercent } = request
  const conditions = planStress({ noises, snrDb, rt60Seconds, telephone, clippingPercent }, { recordings })
  if (!recordings && noises?.includes('recordings') === true) {
    throw refuse(
      'RESOURCES_MISSING',
      'recordings of noise are asked for: name the dataset that has them in resources.noise',
    )
  }
  await refuseHeard(db, runId, members)
  const id = randomUUID()
  await createStressEvaluation(db, { id, model, version, request, conditions, members })
  await queues.enqueueEvaluate({ evaluationId: id })
  return getStressEvaluation(db, id)
}

/** What a model was trained with tells nothing of what it does with what it has never heard. */
async function refuseHeard(
  db: Database,
  runId: string,
  members: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const heard = await findTrainingResources(db, runId, Object.values(members).flat())
  if (heard.length === 0) return
  const named = heard.slice(0, NAMED_AT_MOST).join(', ')
  const more = heard.length > NAMED_AT_MOST ? ` and ${heard.length - NAMED_AT_MOST} more` : ''
  throw refuse(
    'STRESS_HEARD_BEFORE',
    `the model was trained with ${heard.length} of the recordings that it is to be evaluated with: ${named}${more}; train with the half "train" of a dataset and evaluate with the half "evaluation"`,
  )
}

function refuse(code: string, message: string): SerError {
  return new SerError(code, message, { kind: 'bad-input' })
}
