import type { Model } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import {
  MODEL_VERSION_COLUMNS,
  MODEL_VERSION_TABLES,
  toModelVersion,
  type ModelVersionRow,
} from './model-version-row.ts'

/** Every model by name, with its number of versions and the newest of them. */
export async function listModels(db: Queryable): Promise<Model[]> {
  const { rows } = await db.query<ModelVersionRow & { versions: number }>(`
    select distinct on (m.model) ${MODEL_VERSION_COLUMNS}, count(*) over (partition by m.model) as versions
    from ${MODEL_VERSION_TABLES}
    order by m.model, m.version desc`)
  return rows.map((row) => ({ name: row.model, versions: row.versions, latest: toModelVersion(row) }))
}
