import type { DefaultModel } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { resolveModelVersion } from './resolve-model-version.ts'

/**
 * The model and version that answer when a caller names none.
 *
 * @throws SerError MODEL_NOT_FOUND (gone) while there is no model at all
 */
export async function getDefaultModel(db: Queryable): Promise<DefaultModel> {
  const { modelVersion, chosenBy } = await resolveModelVersion(db, {})
  const { rowCount } = await db.query('select 1 from default_model where model = $1', [modelVersion.model])
  return { model: modelVersion.model, version: modelVersion.version, chosen: rowCount > 0, chosenBy }
}
