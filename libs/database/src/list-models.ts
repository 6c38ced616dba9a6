import { CHAMPION, type RegisteredModel } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import {
  MODEL_VERSION_COLUMNS,
  MODEL_VERSION_TABLES,
  toModelVersion,
  type ModelVersionRow,
} from './model-version-row.ts'
import { modelNotFound } from './resolve-model-version.ts'

type ModelRow = ModelVersionRow & { versions: number; aliases: Record<string, number> | null; is_default: boolean }

const SELECT_MODELS = `select distinct on (m.model) ${MODEL_VERSION_COLUMNS}, count(*) over (partition by m.model) as versions,
    (select jsonb_object_agg(a.alias, a.version) from model_aliases a where a.model = m.model) as aliases,
    exists (select 1 from default_model d where d.model = m.model) as is_default
  from ${MODEL_VERSION_TABLES}`

/** Every model by name, with its number of versions, the newest of them, and what is in use. */
export async function listModels(db: Queryable): Promise<RegisteredModel[]> {
  const { rows } = await db.query<ModelRow>(`${SELECT_MODELS} order by m.model, m.version desc`)
  return rows.map(toModel)
}

/**
 * One model.
 *
 * @throws SerError MODEL_NOT_FOUND (gone).
 */
export async function getModel(db: Queryable, name: string): Promise<RegisteredModel> {
  const { rows } = await db.query<ModelRow>(`${SELECT_MODELS} where m.model = $1 order by m.model, m.version desc`, [
    name,
  ])
  if (rows.length === 0) throw modelNotFound(name)
  return toModel(rows[0])
}

function toModel(row: ModelRow): RegisteredModel {
  const aliases = row.aliases ?? {}
  const champion: number | undefined = aliases[CHAMPION]
  return {
    name: row.model,
    versions: row.versions,
    latest: toModelVersion(row),
    aliases,
    isDefault: row.is_default,
    inUse:
      champion === undefined ? { version: row.version, chosenBy: 'newest' } : { version: champion, chosenBy: 'alias' },
  }
}
