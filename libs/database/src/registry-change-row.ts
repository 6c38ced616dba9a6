import { promotionGateSchema, type RegistryChange } from '@ser/contracts'

/** What a change of the registry is read from. */
export type RegistryChangeRow = {
  id: number
  model: string
  action: RegistryChange['action']
  alias: string | null
  version: number | null
  previous: number | null
  token_name: string
  on_behalf_of: string | null
  forced: boolean
  reason: string | null
  gate: unknown
  at: Date
}

export const REGISTRY_CHANGE_COLUMNS =
  'id, model, action, alias, version, previous, token_name, on_behalf_of, forced, reason, gate, at'

/** A row of `REGISTRY_CHANGE_COLUMNS` as the API says it. */
export function toRegistryChange(row: RegistryChangeRow): RegistryChange {
  return {
    id: row.id,
    model: row.model,
    action: row.action,
    alias: row.alias,
    version: row.version,
    previous: row.previous,
    by: { token: row.token_name, onBehalfOf: row.on_behalf_of },
    forced: row.forced,
    reason: row.reason,
    gate: row.gate === null ? null : promotionGateSchema.parse(row.gate),
    at: row.at.toISOString(),
  }
}
