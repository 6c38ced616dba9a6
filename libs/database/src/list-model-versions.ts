import { SerError, type ModelVersion } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import {
  MODEL_VERSION_COLUMNS,
  MODEL_VERSION_TABLES,
  toModelVersion,
  type ModelVersionRow,
} from './model-version-row.ts'

/**
 * The versions of a model, newest first.
 *
 * @throws SerError MODEL_NOT_FOUND (gone) when it has none.
 */
export async function listModelVersions(db: Queryable, model: string): Promise<ModelVersion[]> {
  const { rows } = await db.query<ModelVersionRow>(
    `select ${MODEL_VERSION_COLUMNS} from ${MODEL_VERSION_TABLES} where m.model = $1 order by m.version desc`,
    [model],
  )
  if (rows.length === 0) {
    throw new SerError('MODEL_NOT_FOUND', `there is no model named ${model}`, { kind: 'gone', ids: { model } })
  }
  return rows.map(toModelVersion)
}
