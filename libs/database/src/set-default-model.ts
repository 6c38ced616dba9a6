import type { RegistryChange } from '@ser/contracts'
import type { Database } from './create-database.ts'
import { recordRegistryChange, type RegistryActor } from './record-registry-change.ts'
import { modelNotFound } from './resolve-model-version.ts'

/**
 * Lets a model answer when a caller names none.
 *
 * @throws SerError MODEL_NOT_FOUND (gone)
 */
export async function setDefaultModel(
  db: Database,
  { model, by, reason }: { readonly model: string; readonly by: RegistryActor; readonly reason: string | undefined },
): Promise<RegistryChange> {
  return db.transaction(async (transaction) => {
    const { rowCount } = await transaction.query('select 1 from model_versions where model = $1 limit 1', [model])
    if (rowCount === 0) throw modelNotFound(model)
    const change = await recordRegistryChange(transaction, { model, action: 'make-default', by, reason })
    await transaction.query(
      `insert into default_model (model, change_id) values ($1, $2)
       on conflict (singleton) do update set model = excluded.model, change_id = excluded.change_id`,
      [model, change.id],
    )
    return change
  })
}
