import type { Queryable } from './create-database.ts'

export type LockedAlias = {
  /** The version that it names; undefined when it names none. */
  readonly version: number | undefined
  /** The change that made it so, or that took it away. */
  readonly change: number | undefined
  /** The change whose version a roll-back brings back. */
  readonly returnsTo: number | undefined
}

/** The state of an alias, which nobody else changes before the end of this transaction. */
export async function lockAlias(transaction: Queryable, model: string, alias: string): Promise<LockedAlias> {
  // Not the alias' row: the first promotion has none to lock.
  await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`registry ${model}`])
  const { rows } = await transaction.query<{ id: number; version: number | null; returns_to: number | null }>(
    'select id, version, returns_to from registry_changes where model = $1 and alias = $2 order by id desc limit 1',
    [model, alias],
  )
  const [last] = rows
  return {
    version: last?.version ?? undefined,
    change: last?.id,
    returnsTo: last?.returns_to ?? undefined,
  }
}
