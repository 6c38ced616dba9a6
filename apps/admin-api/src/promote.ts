import { CHAMPION, SerError, type ModelVersion, type PromotionRequest, type RegistryChange } from '@ser/contracts'
import {
  getModel,
  getModelVersion,
  promoteVersion,
  resolveModelVersion,
  type Database,
  type RegistryActor,
} from '@ser/database'
import type { ObjectStorage } from '@ser/object-storage'
import { GATE, judgePromotion, refusalOf } from './judge-promotion.ts'

export type PromotionDeps = { readonly db: Database; readonly storage: Pick<ObjectStorage, 'has'> }

/**
 * Lets an alias name a version; the champion only if the gate lets it pass or the request forces it.
 *
 * @throws SerError MODEL_NOT_FOUND, MODEL_VERSION_NOT_FOUND (gone); PROMOTION_REFUSED, PROMOTION_NOT_COMPARABLE, PROMOTION_OUTRUN,
 * ALIAS_UNCHANGED, ARTEFACT_MISSING (conflict)
 */
export async function promote(
  { db, storage }: PromotionDeps,
  model: string,
  request: PromotionRequest & { readonly by: RegistryActor },
): Promise<RegistryChange> {
  const { version, alias, by, reason } = request
  const { modelVersion: candidate } = await resolveModelVersion(db, { model, version })
  const { aliases } = await getModel(db, model)
  const expected: number | undefined = aliases[alias]
  // What is in use already needs no judgement; the database says so.
  const judged = alias === CHAMPION && expected !== version
  const gate = judged ? await judge(db, candidate, expected, request) : undefined
  const refusal = gate === undefined ? undefined : refusalOf(gate, candidate)
  if (refusal !== undefined && !request.force) throw refusal
  await requireArtefact(storage, candidate)
  const forced = refusal !== undefined
  return promoteVersion(db, { model, version, alias, expected, by, forced, reason, gate })
}

async function judge(
  db: Database,
  candidate: ModelVersion,
  expected: number | undefined,
  { figure = GATE.figure, margin = GATE.margin }: PromotionRequest,
) {
  const champion =
    expected === undefined ? undefined : await getModelVersion(db, { model: candidate.model, version: expected })
  return judgePromotion(db, { champion, candidate }, { figure, margin })
}

/** A version whose file is lost would answer nothing. */
async function requireArtefact(storage: PromotionDeps['storage'], { model, version, artefact }: ModelVersion) {
  if (await storage.has(artefact.key)) return
  const message = `the model file of ${model}@${version} is not in the object storage (${artefact.key}): restore it, or train the version anew`
  throw new SerError('ARTEFACT_MISSING', message, { kind: 'conflict', ids: { model, version } })
}
