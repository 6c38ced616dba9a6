import type { PromotionGate, RegistryChange } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { REGISTRY_CHANGE_COLUMNS, toRegistryChange, type RegistryChangeRow } from './registry-change-row.ts'

/** Who asks: the token, by its name; and for whom, as the caller said. */
export type RegistryActor = RegistryChange['by']

export type NewRegistryChange = {
  readonly model: string
  readonly action: RegistryChange['action']
  readonly alias?: string
  readonly version?: number
  readonly previous?: number | undefined
  readonly returnsTo?: number | undefined
  readonly by: RegistryActor
  readonly forced?: boolean
  readonly reason?: string | undefined
  readonly gate?: PromotionGate | undefined
}

/** Adds a change to the audit trail; whoever calls makes the change itself in the same transaction. */
export async function recordRegistryChange(transaction: Queryable, change: NewRegistryChange): Promise<RegistryChange> {
  const { rows } = await transaction.query<RegistryChangeRow>(
    `insert into registry_changes
       (model, action, alias, version, previous, returns_to, token_name, on_behalf_of, forced, reason, gate)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     returning ${REGISTRY_CHANGE_COLUMNS}`,
    [
      change.model,
      change.action,
      change.alias ?? null,
      change.version ?? null,
      change.previous ?? null,
      change.returnsTo ?? null,
      change.by.token,
      change.by.onBehalfOf,
      change.forced ?? false,
      change.reason ?? null,
      change.gate === undefined ? null : JSON.stringify(change.gate),
    ],
  )
  return toRegistryChange(rows[0])
}
