import { SerError, type RegistryChange } from '@ser/contracts'
import type { Database } from './create-database.ts'
import { lockAlias } from './lock-alias.ts'
import { recordRegistryChange, type RegistryActor } from './record-registry-change.ts'

export type AliasRemoval = {
  readonly model: string
  readonly alias: string
  readonly by: RegistryActor
  readonly reason: string | undefined
}

/**
 * Takes an alias away. A model without a champion is answered for by its newest version.
 *
 * @throws SerError MODEL_ALIAS_NOT_FOUND (gone)
 */
export async function removeAlias(db: Database, { model, alias, by, reason }: AliasRemoval): Promise<RegistryChange> {
  return db.transaction(async (transaction) => {
    const current = await lockAlias(transaction, model, alias)
    if (current.version === undefined) {
      const message = `${model} has no version called ${alias}`
      throw new SerError('MODEL_ALIAS_NOT_FOUND', message, { kind: 'gone', ids: { model, alias } })
    }
    await transaction.query('delete from model_aliases where model = $1 and alias = $2', [model, alias])
    return recordRegistryChange(transaction, {
      model,
      action: 'remove',
      alias,
      previous: current.version,
      returnsTo: current.change,
      by,
      reason,
    })
  })
}
