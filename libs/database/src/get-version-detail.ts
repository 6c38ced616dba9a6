import { featureSpecSchema, type ModelVersionDetail } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { getRunSummary } from './get-run.ts'
import { ALIASES_OF_VERSION } from './list-model-versions.ts'
import { resolveModelVersion } from './resolve-model-version.ts'

/**
 * Everything that a version was made from and was found to do, without the paths of the API.
 *
 * @throws SerError MODEL_NOT_FOUND, MODEL_VERSION_NOT_FOUND (gone).
 */
export async function getVersionDetail(
  db: Queryable,
  choice: { readonly model: string; readonly version: number },
): Promise<Omit<ModelVersionDetail, 'links'>> {
  const { modelVersion } = await resolveModelVersion(db, choice)
  const { evaluation, ...run } = await getRunSummary(db, modelVersion.runId)
  const { rows } = await db.query<{ spec: unknown; extractor: string; aliases: string[] }>(
    `select s.spec, s.extractor, ${ALIASES_OF_VERSION}
     from model_versions m join feature_sets s on s.id = m.feature_set_id where m.model = $1 and m.version = $2`,
    [choice.model, choice.version],
  )
  const [{ spec, extractor, aliases }] = rows
  return {
    ...modelVersion,
    aliases,
    run,
    featureSet: { id: modelVersion.featureSetId, spec: featureSpecSchema.parse(spec), extractor },
    evaluation,
  }
}
