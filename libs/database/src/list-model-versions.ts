import type { RegisteredVersion } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import {
  MODEL_VERSION_COLUMNS,
  MODEL_VERSION_TABLES,
  toModelVersion,
  type ModelVersionRow,
} from './model-version-row.ts'
import { modelNotFound } from './resolve-model-version.ts'

/** The aliases of the version `m`. */
export const ALIASES_OF_VERSION = `array(select a.alias from model_aliases a
  where a.model = m.model and a.version = m.version order by a.alias) as aliases`

/**
 * The versions of a model, newest first.
 *
 * @throws SerError MODEL_NOT_FOUND (gone) when it has none.
 */
export async function listModelVersions(db: Queryable, model: string): Promise<RegisteredVersion[]> {
  const { rows } = await db.query<ModelVersionRow & { aliases: string[] }>(
    `select ${MODEL_VERSION_COLUMNS}, ${ALIASES_OF_VERSION} from ${MODEL_VERSION_TABLES}
     where m.model = $1 order by m.version desc`,
    [model],
  )
  if (rows.length === 0) throw modelNotFound(model)
  return rows.map((row) => ({ ...toModelVersion(row), aliases: row.aliases }))
}
